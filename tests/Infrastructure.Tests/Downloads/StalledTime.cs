namespace NeuralCapacitance.Infrastructure.Tests.Downloads;

/// <summary>Pauses pass at once; timers of <paramref name="stall"/> ring only when the test says so.</summary>
internal sealed class StalledTime(TimeSpan stall) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<StallTimer> _waiting = [];

    /// <summary>Of the pauses asked for, in order.</summary>
    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (dueTime == stall)
            {
                var timer = new StallTimer(this, callback, state);
                _waiting.Add(timer);
                return timer;
            }
            Pauses.Add(dueTime);
        }
        return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Every connection at work has been silent for too long.</summary>
    public void Ring()
    {
        StallTimer[] waiting;
        lock (_lock) waiting = [.. _waiting];
        foreach (var timer in waiting) timer.Ring();
    }

    private sealed class StallTimer(StalledTime time, TimerCallback callback, object? state) : ITimer
    {
        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (time._lock) time._waiting.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
