using System.Runtime.CompilerServices;

namespace NeuralCapacitance.Api.Events;

/// <summary>One who follows a job.</summary>
internal sealed class JobSubscription(JobBroadcast broadcast, SemaphoreSlim catchUps, Action leave) : IDisposable
{
    private int _isLeft;

    /// <summary>
    /// The stream, in pieces to be sent as they come: where the job stands, then what changes. Ends after the <c>end</c> event, and when the job is deleted.
    /// Whoever takes too long misses states in between, and no observation.
    /// </summary>
    /// <param name="after">Observations up to this id are known to the client.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var follower = broadcast.Join();
            try
            {
                var start = follower.Snapshot;
                yield return new EventBatch(start.TrialFrames.Value).After(0);
                while (after < start.RecentAfter && await CatchUpAsync(start, after, cancellationToken) is { LastObservation: > 0 } page)
                {
                    after = page.LastObservation;
                    yield return page.After(0);
                }

                yield return new EventBatch([.. start.Recent, start.Job, .. start.End is { } end ? [end] : Array.Empty<EventFrame>()]).After(after);
                after = Math.Max(after, start.LastObservation);
                if (start.End is not null) yield break;
                await foreach (var batch in follower.BatchesAsync(cancellationToken))
                {
                    var text = batch.After(after);
                    after = Math.Max(after, batch.LastObservation);
                    if (!text.IsEmpty) yield return text;
                }

                if (!follower.IsBehind) yield break;
            }
            finally
            {
                broadcast.Leave(follower);
            }
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0) leave();
    }

    private async Task<EventBatch> CatchUpAsync(JobSnapshot start, long after, CancellationToken cancellationToken)
    {
        await catchUps.WaitAsync(cancellationToken);
        try
        {
            return new(await broadcast.CatchUpAsync(start, after, start.RecentAfter, cancellationToken));
        }
        finally
        {
            catchUps.Release();
        }
    }
}
