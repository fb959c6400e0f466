using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using Npgsql;

namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>On a PostgreSQL of their own, since they break it.</summary>
public sealed class DatabaseLossTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedPostgres _postgres = null!;
    private Site _site = null!;

    public async Task InitializeAsync()
    {
        // Commits are kept through a crash of the server: synchronous_commit stays on. Only the machine must not crash.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["fsync"] = "off", ["shared_buffers"] = "32MB" };
        _postgres = await EmbeddedPostgres.StartAsync(_folder.PathOf("postgres"), NullLogger.Instance, settings);
        _site = new(_postgres.ConnectionString);
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
