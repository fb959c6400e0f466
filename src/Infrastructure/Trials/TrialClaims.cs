using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Infrastructure.Trials;

/// <summary>Who gets which trial: one transaction per try, which may be repeated when its answer is lost.</summary>
internal sealed class TrialClaims(IDbContextFactory<ServiceDbContext> contexts)
{
    /// <returns>Not decided: the trial that was next cannot be had any more, and there may be another.</returns>
    public async Task<(bool Decided, ClaimedTrial? Claimed)> TryClaimNextAsync(string owner, string signal, string device, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(contexts, cancellationToken);
        if (await HeldByAsync(transaction, owner, cancellationToken) is { } held) return (true, held);
        var process = WorkerName.ProcessOf(owner);
        var trial = (await transaction.Context.Trials.FromSql(
            $"""
             SELECT t.* FROM trials t JOIN jobs j ON j.id = t.job_id
             WHERE t.state = 'queued' AND j.state IN ('queued', 'running')
               AND NOT EXISTS (SELECT FROM workers w WHERE w.process = {process} AND w.draining_since IS NOT NULL)
             ORDER BY j.priority DESC, j.sequence, t.repeat, t.candidate_index
             LIMIT 1
             FOR UPDATE OF t SKIP LOCKED
             """).ToListAsync(cancellationToken)).SingleOrDefault();
        if (trial is null) return (true, null);
        await transaction.LockJobAsync(trial.JobId, cancellationToken);
        var claimed = await TakeAsync(transaction, trial, owner, signal, device, cancellationToken);
        return (claimed is not null, claimed);
    }

    /// <summary>A claim whose commit took effect although its answer was lost.</summary>
    private static async Task<ClaimedTrial?> HeldByAsync(JobTransaction transaction, string owner, CancellationToken cancellationToken)
    {
        var trial = await transaction.Context.Trials.AsNoTracking()
            .SingleOrDefaultAsync(t => t.State == TrialState.Running && t.LeaseOwner == owner, cancellationToken);
        if (trial is null) return null;
        var job = await transaction.Context.Jobs.Where(j => j.Id == trial.JobId).Select(j => new { j.Spec, j.TraceParent }).SingleAsync(cancellationToken);
        return new(new(trial.Id, trial.Attempt, owner), trial.ToTrial(), job.Spec, await AttemptsWithoutProgressAsync(transaction, trial, cancellationToken), job.TraceParent);
    }

    private static async Task<int> AttemptsWithoutProgressAsync(JobTransaction transaction, TrialRow trial, CancellationToken cancellationToken)
    {
        var observed = await transaction.Context.Observations.Where(o => o.TrialId == trial.Id && o.Attempt < trial.Attempt)
            .MaxAsync(o => (int?)o.Attempt, cancellationToken);
        return trial.Attempt - Math.Max(observed ?? 0, trial.PausedAttempt ?? 0);
    }

    /// <summary>Makes the trial the owner's. Null: its job is being cancelled, or its race has no place for it, and so the trial ended here.</summary>
    private static async Task<ClaimedTrial?> TakeAsync(
        JobTransaction transaction, TrialRow trial, string owner, string signal, string device, CancellationToken cancellationToken)
    {
        var now = await transaction.Context.NowAsync(cancellationToken);
        var cancelled = transaction.Job.State is not (JobState.Queued or JobState.Running);
        var endOfRace = cancelled ? null : await RaceSettlement.EndOfAsync(transaction, trial, cancellationToken);
        if (cancelled) trial.End(TrialState.Cancelled, now);
        else if (endOfRace is { } end) trial.EndInRace(end, now);
        else trial.Take(owner, signal, device, now);
        await transaction.SettleAsync(cancelRequested: false, now, cancellationToken);
        var fruitless = await AttemptsWithoutProgressAsync(transaction, trial, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return cancelled || endOfRace is not null ? null : new(new(trial.Id, trial.Attempt, owner), trial.ToTrial(), transaction.Job.Spec, fruitless, transaction.Job.TraceParent);
    }
}
