using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Races;

/// <summary>Races in Postgres: what they decided, and the safety net that decides what was left undecided.</summary>
public sealed class RaceStore
{
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly RaceSettlement _settlement;

    internal RaceStore(IDbContextFactory<ServiceDbContext> contexts, RaceSettlement settlement)
    {
        _contexts = contexts;
        _settlement = settlement;
    }

    /// <summary>Decisions of a job with <c>Id &gt; after</c>, in order of Id.</summary>
    public async Task<IReadOnlyList<RaceDecision>> DecisionsAsync(Guid jobId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Decisions.AsNoTracking().Where(d => d.JobId == jobId && d.Id > after).OrderBy(d => d.Id).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToDecision())];
    }

    /// <summary>All decisions of several jobs at once, in order of Id.</summary>
    public async Task<ILookup<Guid, RaceDecision>> DecisionsAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Decisions.AsNoTracking().Where(d => jobIds.Contains(d.JobId)).OrderBy(d => d.Id).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.JobId, row => row.ToDecision());
    }

    /// <summary>The last round that was decided; null: none was.</summary>
    public async Task<int?> LastRoundAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Decisions.Where(d => d.JobId == jobId && d.Action != RaceAction.Promoted).MaxAsync(d => (int?)d.Round, cancellationToken);
    }

    /// <summary>Mean seconds of a trained epoch, β_eff and validation included, by trial; of those that have one.</summary>
    public async Task<IReadOnlyDictionary<Guid, double>> SecondsPerEpochAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Observations.Where(o => jobIds.Contains(o.JobId) && o.Epoch > 0)
            .GroupBy(o => o.TrialId)
            .Select(own => new { own.Key, Seconds = own.Average(o => o.TrainSeconds + o.BetaSeconds + o.ValidationSeconds) })
            .ToDictionaryAsync(own => own.Key, own => own.Seconds, cancellationToken);
    }

    /// <summary>Jobs whose trials are all paused or at an end: somebody should have decided.</summary>
    internal async Task<IReadOnlyList<Guid>> StalledAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Trials.Where(t => t.State == TrialState.Paused).Select(t => t.JobId).Distinct()
            .Where(job => !context.Trials.Any(t => t.JobId == job && (t.State == TrialState.Queued || t.State == TrialState.Running)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Decides what can be decided. Harmless where nothing can.</summary>
    /// <returns>Whether there was anything.</returns>
    internal async Task<bool> SettleAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        if (!await transaction.LockJobAsync(jobId, cancellationToken) || transaction.Job.State.IsFinal) return false;
        var before = await StateAsync(transaction, cancellationToken);
        var now = await transaction.Context.NowAsync(cancellationToken);
        await _settlement.SettleAsync(transaction, slotIsFree: false, now, cancellationToken);
        if (await StateAsync(transaction, cancellationToken) == before) return false;
        await transaction.SettleAsync(cancelRequested: false, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<(int Decisions, int Paused)> StateAsync(JobTransaction transaction, CancellationToken cancellationToken) => (
        await transaction.Context.Decisions.CountAsync(d => d.JobId == transaction.Job.Id, cancellationToken),
        await transaction.Context.Trials.CountAsync(t => t.JobId == transaction.Job.Id && t.State == TrialState.Paused, cancellationToken));
}
