namespace NeuralCapacitance.Infrastructure.Postgres;

internal static class Clock
{
    /// <summary>Now, in the microseconds that Postgres keeps, so that what was written equals what is read.</summary>
    public static DateTimeOffset GetPostgresNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
