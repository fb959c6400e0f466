namespace NeuralCapacitance.Api.Tests.Events;

/// <summary>Timers ring so many times earlier.</summary>
internal sealed class HastyTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / factor : dueTime, period);
}
