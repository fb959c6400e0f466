using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Webhooks;

internal static class DatabaseTime
{
    /// <summary>Now, by the one clock that all nodes share.</summary>
    public static Task<DateTimeOffset> GetTimeAsync(this ServiceDbContext context, CancellationToken cancellationToken)
        => context.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);
}
