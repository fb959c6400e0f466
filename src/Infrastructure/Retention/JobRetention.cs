using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Jobs that have ended, with all that hangs on them: trials, observations, decisions, finalizations, saved weights.</summary>
internal sealed class JobRetention(
    IDbContextFactory<ServiceDbContext> contexts, JobStore jobs, ArtifactStore artifacts, ActiveNeeds needs, RemovalGate gate, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "jobs";

    public RetentionLimit Limit => options.Value.Jobs;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Limit.IsNone) return [];
        var families = await FamiliesAsync(cancellationToken);
        var weights = await needs.WeightsAsync(cancellationToken);
        return
        [
            .. Limit.ExpiredOf(families.Select(family => new Dated<Family>(family, family.EndedAt)), now)
                .Select(expired => CandidateOf(expired, weights)),
        ];
    }

    private RetentionCandidate CandidateOf(Expired<Family> expired, ILookup<string, Guid> weights)
    {
        var family = expired.Item;
        var bytes = family.Jobs.Sum(job => artifacts.FilesOf(job).Sum(file => file.Length));
        return new(new(family.Id.ToString(), bytes, expired.UsedAt, expired.Why), WhyKept(family, weights), token => RemoveAsync(family, token));
    }

    private async Task<string?> RemoveAsync(Family family, CancellationToken cancellationToken)
    {
        await using var closed = await gate.CloseAsync(cancellationToken);
        if (WhyKept(family, await needs.WeightsAsync(cancellationToken)) is { } needed) return needed;
        return await jobs.DeleteAsync(family.Id, cancellationToken, Actor.Service, AuditAction.Expired) switch
        {
            DeleteOutcome.StillActive => "it has not ended",
            DeleteOutcome.FinalizationActive => "a finalization of it has not ended",
            // Gone: somebody else was quicker.
            _ => null,
        };
    }

    private string? WhyKept(Family family, ILookup<string, Guid> weights)
    {
        if (family.ActiveFinalization is { } active) return $"its finalization {active} has not ended";
        var user = family.Jobs.SelectMany(artifacts.FilesOf).SelectMany(file => weights[file.FullName]).FirstOrDefault();
        return user == Guid.Empty ? null : $"job {user}, which has not ended, starts from weights of it";
    }

    private async Task<List<Family>> FamiliesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await context.Jobs.AsNoTracking().Where(j => j.Finalizes != null || j.FinishedAt != null)
            .Select(j => new Member(j.Id, j.Finalizes, j.FinishedAt))
            .ToListAsync(cancellationToken);
        var finalizations = all.Where(job => job.Finalizes is not null).ToLookup(job => job.Finalizes!.Value);
        return [.. all.Where(job => job.Finalizes is null).Select(job => new Family(job.Id, job.FinishedAt!.Value, [.. finalizations[job.Id]]))];
    }

    /// <param name="FinishedAt">Null: it has not ended.</param>
    private sealed record Member(Guid Id, Guid? Finalizes, DateTimeOffset? FinishedAt);

    private sealed record Family(Guid Id, DateTimeOffset FinishedAt, IReadOnlyList<Member> Finalizations)
    {
        public DateTimeOffset EndedAt => Finalizations.Select(own => own.FinishedAt ?? FinishedAt).Append(FinishedAt).Max();

        public Guid? ActiveFinalization => Finalizations.FirstOrDefault(own => own.FinishedAt is null)?.Id;

        public IEnumerable<Guid> Jobs => Finalizations.Select(own => own.Id).Prepend(Id);
    }
}
