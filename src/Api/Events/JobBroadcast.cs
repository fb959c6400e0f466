using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Api.Events;

/// <summary>Reads one job whenever it may have changed, once for all who follow it.</summary>
internal sealed class JobBroadcast(JobReading reading, ChangeFeed changes, OutageRetry retry, SemaphoreSlim reads, EventBatch heartbeat, TimeProvider time)
{
    /// <summary>Proxies commonly close a connection that is quiet for 30 to 60 s.</summary>
    internal static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Changes in quick succession are told together.</summary>
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Follower> _followers = [];
    private readonly Lock _gate = new();
    private JobSnapshot? _snapshot;
    private bool _isOver;

    /// <summary>Completes when there is something to join; fails as the first look does.</summary>
    public Task IsRead => _isRead.Task;

    /// <summary>From one moment on: what the snapshot does not have comes as a batch. Of a job that has ended none comes.</summary>
    public Follower Join()
    {
        lock (_gate)
        {
            var follower = new Follower(_snapshot!);
            if (_isOver) follower.End();
            else _followers.Add(follower);
            return follower;
        }
    }

    public void Leave(Follower follower)
    {
        lock (_gate) _followers.Remove(follower);
    }

    public Task<IReadOnlyList<EventFrame>> CatchUpAsync(JobSnapshot snapshot, long after, long through, CancellationToken cancellationToken)
        => reading.CatchUpAsync(snapshot, after, through, cancellationToken);

    /// <summary>Until the job has ended or is gone, or nobody follows.</summary>
    public async Task RunAsync(Guid jobId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var changed in changes.JobChangesAsync(jobId, cancellationToken).WithHeartbeatsAsync(HeartbeatInterval, time, cancellationToken))
            {
                var start = time.GetTimestamp();
                var news = await ReadAsync(cancellationToken);
                if (!changed) Offer(heartbeat);
                if (_snapshot!.End is not null) return;
                var rest = LeastInterval - time.GetElapsedTime(start);
                if (changed && news && rest > TimeSpan.Zero) await Task.Delay(rest, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody follows.
        }
        catch (JobGoneException)
        {
            // It was deleted.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Whoever came before the first look is told what that finds; once there are followers, an outage is waited out.</summary>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isRead.Task.IsCompletedSuccessfully) return await retry.RunAsync(LookAsync, cancellationToken);
        try
        {
            return await LookAsync(cancellationToken);
        }
        catch (Exception e)
        {
            _isRead.TrySetException(e);
            throw;
        }
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        await reads.WaitAsync(cancellationToken);
        try
        {
            if (await reading.ReadAsync(_snapshot, cancellationToken) is not { } news) return false;
            // In one step, so that who joins misses nothing and hears nothing twice.
            lock (_gate)
            {
                _snapshot = news.Snapshot;
                Offer(news.Batch);
            }

            _isRead.TrySetResult();
            return true;
        }
        finally
        {
            reads.Release();
        }
    }

    private void Offer(EventBatch batch)
    {
        lock (_gate) _followers.RemoveAll(follower => !follower.Offer(batch));
    }

    private void End()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var follower in _followers) follower.End();
            _followers.Clear();
        }

        _isRead.TrySetCanceled();
    }
}
