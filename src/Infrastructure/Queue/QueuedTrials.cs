using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>The trials that wait for a worker: rows of <c>trials</c>, and nothing else.</summary>
internal static class QueuedTrials
{
    /// <summary>The payload on <see cref="JobTransaction.Channel"/> that stands for the queue; no job has this id.</summary>
    public static Guid ChangeId { get; } = Guid.Empty;

    /// <summary>Tells free workers that trials wait, when the context's transaction commits.</summary>
    public static Task AnnounceQueuedAsync(this ServiceDbContext context, CancellationToken cancellationToken)
        => context.Database.ExecuteSqlAsync($"SELECT pg_notify({JobTransaction.Channel}, {ChangeId.ToString()})", cancellationToken);

    /// <summary>How many wait, counted up to <paramref name="most"/>.</summary>
    public static Task<int> CountQueuedAsync(this ServiceDbContext context, int most, CancellationToken cancellationToken)
        => context.Database.SqlQuery<int>(
            $"""
             SELECT count(*)::int AS "Value" FROM (
                 SELECT FROM trials t JOIN jobs j ON j.id = t.job_id
                 WHERE t.state = 'queued' AND j.state IN ('queued', 'running') LIMIT {most}) waiting
             """).SingleAsync(cancellationToken);
}
