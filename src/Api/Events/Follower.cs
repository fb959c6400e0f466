using System.Threading.Channels;

namespace NeuralCapacitance.Api.Events;

/// <summary>What is sent to one who follows a job. One who is slow keeps nothing waiting, and no memory: it falls behind, and catches up from the tables.</summary>
internal sealed class Follower
{
    /// <summary>Batches, which are shared, that wait for one follower.</summary>
    internal const int MostWaiting = 8;

    private readonly Channel<EventBatch> _waiting = Channel.CreateBounded<EventBatch>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private volatile bool _isBehind;

    /// <param name="snapshot">Where the job stood when the follower came: every batch continues it.</param>
    public Follower(JobSnapshot snapshot) => Snapshot = snapshot;

    public JobSnapshot Snapshot { get; }

    /// <summary>Whether it has missed some; the rest of what waited is to be read all the same.</summary>
    public bool IsBehind => _isBehind;

    public IAsyncEnumerable<EventBatch> BatchesAsync(CancellationToken cancellationToken) => _waiting.Reader.ReadAllAsync(cancellationToken);

    /// <returns>False: it has fallen behind, and gets no more.</returns>
    public bool Offer(EventBatch batch)
    {
        if (_waiting.Writer.TryWrite(batch)) return true;
        _isBehind = true;
        _waiting.Writer.TryComplete();
        return false;
    }

    public void End() => _waiting.Writer.TryComplete();
}
