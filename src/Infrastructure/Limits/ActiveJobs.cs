using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Limits;

/// <summary>How many jobs an owner has that have not ended.</summary>
internal static class ActiveJobs
{
    /// <summary>Name of the quota.</summary>
    public const string Quota = "ActiveJobs";

    /// <summary>Room for one more. Until the transaction ends, no other job of the owner is let in: of many that come at once none slips through.</summary>
    /// <param name="most">Null: no quota.</param>
    /// <exception cref="QuotaExceededException">There is none.</exception>
    public static async Task RequireAsync(ServiceDbContext context, string owner, int? most, CancellationToken cancellationToken)
    {
        if (most is not { } limit) return;
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"active jobs of " + owner}, 0))", cancellationToken);
        var active = await context.Jobs.CountAsync(
            j => j.Owner == owner && (j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Cancelling), cancellationToken);
        if (active >= limit)
            throw new QuotaExceededException($"{active} jobs of yours have not ended; {limit} may be active at once. Wait for one to end, or cancel one.", Quota, limit) { Passes = true };
    }
}
