using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Infrastructure.Trials;

/// <summary>
/// Who gets which trial: one transaction per try, which may be repeated when its answer is lost. The highest priority comes first; inside it owners take turns,
/// whoever has the fewest trials running before others, then who was served least recently; inside an owner the oldest job comes first.
/// </summary>
internal sealed class TrialClaims(IDbContextFactory<ServiceDbContext> contexts)
{
    /// <summary>
    /// Jobs in the order in which they are served, then of the first one that has any its first queued trial that nobody is claiming: one row is locked, and no trial but that is
    /// read, however many wait. Whoever claims at the same time may see the same numbers of running trials; the turns even that out. Its
    /// parameter is the process that claims: one that drains gets nothing.
    /// </summary>
    internal const string Next =
        """
        SELECT t.* FROM (
            SELECT j.id
            FROM jobs j
            LEFT JOIN (
                SELECT own.owner, count(*) AS trials FROM trials r JOIN jobs own ON own.id = r.job_id WHERE r.state = 'running' GROUP BY own.owner
            ) running ON running.owner = j.owner
            LEFT JOIN owner_turns served ON served.owner = j.owner
            WHERE j.state IN ('queued', 'running') AND NOT EXISTS (SELECT FROM workers w WHERE w.process = {0} AND w.draining_since IS NOT NULL)
            ORDER BY j.priority DESC, coalesce(running.trials, 0), coalesce(served.turn, 0), j.sequence
        ) job
        CROSS JOIN LATERAL (
            SELECT * FROM trials WHERE job_id = job.id AND state = 'queued' ORDER BY repeat, candidate_index LIMIT 1 FOR UPDATE SKIP LOCKED
        ) t
        LIMIT 1
        """;

    /// <returns>Not decided: the trial that was next cannot be had any more, and there may be another.</returns>
    public async Task<(bool Decided, ClaimedTrial? Claimed)> TryClaimNextAsync(string owner, string signal, string device, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(contexts, cancellationToken);
        if (await HeldByAsync(transaction, owner, cancellationToken) is { } held) return (true, held);
        var process = WorkerName.ProcessOf(owner);
        var trial = (await transaction.Context.Trials.FromSqlRaw(Next, process).ToListAsync(cancellationToken)).SingleOrDefault();
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
        if (trial.State == TrialState.Running) await OwnerTurnRow.TakeAsync(transaction.Context, transaction.Job.Owner, cancellationToken);
        var fruitless = await AttemptsWithoutProgressAsync(transaction, trial, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return cancelled || endOfRace is not null ? null : new(new(trial.Id, trial.Attempt, owner), trial.ToTrial(), transaction.Job.Spec, fruitless, transaction.Job.TraceParent);
    }
}
