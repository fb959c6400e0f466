using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

/// <summary>What a restart of the database does to a service at work. The server is the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OutageTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("nc-outage-").FullName;
    private EmbeddedPostgres _postgres = null!;

    public async Task InitializeAsync()
    {
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _postgres = await EmbeddedPostgres.StartAsync(
            Path.Combine(_root, "postgres"), NullLogger.Instance, new Dictionary<string, string>(StringComparer.Ordinal) { ["fsync"] = "off" });
    }

    public async Task DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Epochs_recorded_while_the_database_restarts_are_all_stored_once()
    {
        await using var node = await ServiceNode.StartAsync(_postgres.ConnectionString);
        var job = await node.Jobs.SubmitAsync(candidates: 2);
        var lease = (await node.Trials.ClaimAsync())!.Lease;
        await node.Trials.RecordAsync(lease, lease.Epoch(0), default);

        var restart = _postgres.RestartAsync(default);
        var epoch = 1;
        do await node.Trials.RecordAsync(lease, lease.Epoch(epoch++), default);
        while (!restart.IsCompleted);
        await restart;
        await node.Trials.SucceedAsync(lease, null, default);

        (await node.Trials.ObservationsAsync(job.Id, 0, 10_000, default)).Select(o => o.Epoch).ShouldBe(Enumerable.Range(0, epoch));
    }

    [Fact]
    public async Task Write_that_waits_for_the_database_ends_when_it_is_cancelled()
    {
        var node = await ServiceNode.StartAsync(_postgres.ConnectionString);
        await node.Jobs.SubmitAsync(candidates: 2);
        var lease = (await node.Trials.ClaimAsync())!.Lease;
        await _postgres.DisposeAsync();

        using var cancel = new CancellationTokenSource();
        var write = node.Trials.RecordAsync(lease, lease.Epoch(0), cancel.Token);
        (await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1)))).ShouldNotBe(write);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => write);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Watchers_are_woken_after_a_restart_and_hear_later_changes()
    {
        await using var node = await ServiceNode.StartAsync(_postgres.ConnectionString);
        var job = await node.Jobs.SubmitAsync(candidates: 2);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var changes = node.Changes.JobChangesAsync(job.Id, patience.Token).GetAsyncEnumerator(patience.Token);
        await changes.MoveNextAsync();

        await _postgres.RestartAsync(default);
        (await changes.MoveNextAsync()).ShouldBeTrue();
        await node.Trials.ClaimAsync();
        (await changes.MoveNextAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancel_during_an_outage_of_the_watcher_reaches_the_lease()
    {
        await using var node = await ServiceNode.StartAsync(_postgres.ConnectionString);
        var job = await node.Jobs.SubmitAsync(candidates: 2);
        var lease = (await node.Trials.ClaimAsync())!.Lease;
        using var over = new CancellationTokenSource();
        var stop = await node.Changes.WatchLeaseAsync(lease, over.Token);
        var stopped = new TaskCompletionSource();
        await using var registration = stop.Register(stopped.SetResult);

        await _postgres.RestartAsync(default);
        await CancelAsync(node, job.Id);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await over.CancelAsync();
    }

    [Fact]
    public async Task Worker_goes_on_with_its_trials_across_a_restart()
    {
        await using var worker = await WorkerNodes.StartAsync(_postgres.ConnectionString, TimeSpan.FromMilliseconds(200));
        var job = await worker.Jobs.SubmitAsync(candidates: 2);
        await worker.WaitForObservationsAsync(job.Id, 2);

        await _postgres.RestartAsync(default);
        await worker.WaitForAsync(job.Id, JobState.Succeeded);

        await worker.ShouldBeWholeAsync(job.Id);
        (await worker.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.Attempt == 1);
    }

    /// <summary>A client's own retry: the API does not wait an outage out.</summary>
    private static async Task CancelAsync(ServiceNode node, Guid job)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await node.Jobs.CancelAsync(job, default);
                return;
            }
            catch (Exception) when (attempt < 10)
            {
                await Task.Delay(100);
            }
        }
    }
}
