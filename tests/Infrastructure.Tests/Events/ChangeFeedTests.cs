using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Events;

public sealed class ChangeFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _over = new();
    private ServiceNode _node = null!;
    private Job _job = null!;
    private Lease _lease = null!;

    public async Task InitializeAsync()
    {
        _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());
        _job = await _node.Jobs.SubmitAsync(candidates: 2);
        _lease = (await _node.Trials.ClaimNextAsync("owner", "signal", "cpu", default))!.Lease;
    }

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        _over.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Watcher_is_woken_at_the_start_and_by_each_kind_of_change()
    {
        await using var changes = _node.Changes.JobChangesAsync(_job.Id, _over.Token).GetAsyncEnumerator();
        (await changes.MoveNextAsync()).ShouldBeTrue();

        await _node.Trials.RecordAsync(_lease, _lease.Epoch(0), default);
        (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        await _node.Trials.AddNoteAsync(_lease, "note", default);
        (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        await _node.Trials.SucceedAsync(_lease, null, default);
        (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        await _node.Jobs.CancelAsync(_job.Id, default);
        (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        await _node.Jobs.DeleteAsync(_job.Id, default);
        (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task Watcher_does_not_hear_of_other_jobs()
    {
        var other = await _node.Jobs.SubmitAsync(candidates: 2);
        await using var quiet = _node.Changes.JobChangesAsync(other.Id, _over.Token).GetAsyncEnumerator();
        await using var busy = _node.Changes.JobChangesAsync(_job.Id, _over.Token).GetAsyncEnumerator();
        await quiet.MoveNextAsync();
        await busy.MoveNextAsync();
        // The feed's own beginning, and the submission, may come late. Changes come in their order, so not after these.
        foreach (var epoch in Enumerable.Range(0, 3)) await HeardAsync(epoch);

        var woken = quiet.MoveNextAsync().AsTask();
        if (woken.IsCompleted) woken = quiet.MoveNextAsync().AsTask();
        await HeardAsync(3);

        woken.IsCompleted.ShouldBeFalse();
        await _node.Jobs.CancelAsync(other.Id, default);
        (await woken.WaitAsync(Patience)).ShouldBeTrue();

        async Task HeardAsync(int epoch)
        {
            await _node.Trials.RecordAsync(_lease, _lease.Epoch(epoch), default);
            (await busy.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Lease_is_told_of_a_cancel_but_not_of_progress()
    {
        var stop = await _node.Changes.WatchLeaseAsync(_lease, _over.Token);
        await _node.Trials.RecordAsync(_lease, _lease.Epoch(0), default);
        stop.IsCancellationRequested.ShouldBeFalse();

        await _node.Jobs.CancelAsync(_job.Id, default);
        await CancelledAsync(stop);
    }

    [Fact]
    public async Task Lease_is_told_that_it_is_lost()
    {
        var stop = await _node.Changes.WatchLeaseAsync(_lease, _over.Token);
        var heir = (await _node.Trials.TakeOverAsync(_lease))!;
        await CancelledAsync(stop);
        (await _node.Changes.WatchLeaseAsync(heir.Lease, _over.Token)).IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Watch_of_a_lease_that_is_lost_already_stops_at_once()
    {
        await _node.Trials.ReleaseAsync(_lease, default);
        await CancelledAsync(await _node.Changes.WatchLeaseAsync(_lease, _over.Token));
        await CancelledAsync(await _node.Changes.WatchLeaseAsync(_lease with { TrialId = Guid.NewGuid() }, _over.Token));
    }

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Patience);
    }
}
