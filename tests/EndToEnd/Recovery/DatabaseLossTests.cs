using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using Npgsql;

namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>On a PostgreSQL of their own, since they break it.</summary>
public sealed class DatabaseLossTests : IAsyncLifetime
{
    /// <summary>Commits are kept through a crash of the server: synchronous_commit stays on. Only the machine must not crash.</summary>
    private static readonly Dictionary<string, string> ServerSettings = new(StringComparer.Ordinal) { ["fsync"] = "off", ["shared_buffers"] = "32MB" };

    /// <summary>Longer than a worker's check-ins may be missed, and than Hangfire's patience with its own server, which here is short.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(8);

    private readonly TemporaryFolder _folder = new();
    private EmbeddedPostgres _postgres = null!;
    private Site _site = null!;

    public async Task InitializeAsync()
    {
        _postgres = await StartAsync();
        _site = new(_postgres.ConnectionString, ("Queue__ServerTimeout", "00:00:02"));
        await _site.StartApiAsync();
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_trial_goes_on_when_the_database_is_restarted()
        => await GoesOnAsync(() => _postgres.RestartAsync(CancellationToken.None));

    [Fact]
    public async Task A_trial_goes_on_when_the_database_crashes_and_recovers()
        => await GoesOnAsync(CrashAsync);

    [Fact]
    public async Task A_trial_goes_on_when_the_database_is_away_for_longer_than_anybody_is_waited_for()
        => await GoesOnAsync(async () =>
        {
            await _postgres.DisposeAsync();
            await Task.Delay(Outage);
            _postgres = await StartAsync();
        });

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(_folder.PathOf("postgres"), NullLogger.Instance, ServerSettings);

    private async Task GoesOnAsync(Func<Task> disturb)
    {
        _site.StartWorker("worker");
        var job = await _site.SubmitAsync(Specs.Small);
        await _site.MidTrialAsync(job);
        var before = await _site.JobAsync(job);

        await disturb();
        var after = await _site.SucceedsAsync(job);

        after.ShouldHaveEveryEpochOnce();
        after.ShouldStillHave(before);
        after.Trials.ShouldAllBe(trial => trial.Attempt == 1);
        var undisturbed = await _site.SucceedsAsync(await _site.SubmitAsync(Specs.Small));
        after.Numbers.ShouldBe(undisturbed.Numbers);
    }

    /// <summary>A backend killed outright makes the server drop all the others, and recover from its log.</summary>
    private async Task CrashAsync()
    {
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        Signals.Send((int)(await command.ExecuteScalarAsync())!, Signal.Kill);
    }
}
