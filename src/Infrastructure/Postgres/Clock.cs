using Microsoft.EntityFrameworkCore;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>
/// The one clock that all nodes share. What is stored is stamped by it, and what is due is decided by it: a node whose own clock is wrong neither delays nor hurries
/// anybody.
/// </summary>
internal static class Clock
{
    /// <summary>Now, not the begin of the transaction.</summary>
    public static Task<DateTimeOffset> NowAsync(this ServiceDbContext context, CancellationToken cancellationToken)
        => context.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);

    /// <summary>By this process's own clock, in the microseconds that Postgres keeps: for what only this process compares.</summary>
    public static DateTimeOffset GetPostgresNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
