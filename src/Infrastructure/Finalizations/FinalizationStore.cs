using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Limits;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Finalizations;

/// <summary>Finalizations in Postgres. Each is a job, so queue, leases, checkpoints, cancelling and events are those of any other.</summary>
public sealed class FinalizationStore
{
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly JobStore _jobs;
    private readonly PredictionGate _gate;

    internal FinalizationStore(IDbContextFactory<ServiceDbContext> contexts, JobStore jobs, PredictionGate gate)
    {
        _contexts = contexts;
        _jobs = jobs;
        _gate = gate;
    }

    /// <summary>Inserts the finalization and its trial in one transaction, whose commit wakes a free worker, unless the job stands against it.</summary>
    /// <param name="given">As the client sent it (JSON).</param>
    /// <param name="by">Null: the service itself.</param>
    /// <param name="whyGone">As that of <see cref="JobStore.CreateAsync"/>, of the job's spec.</param>
    /// <exception cref="IdempotencyConflictException">The key was used for another request in the last 24 hours.</exception>
    /// <exception cref="PredictionsBusyException">The winner is to be predicted, and too many predictions wait already.</exception>
    /// <param name="mostActive">As that of <see cref="JobStore.CreateAsync"/>.</param>
    /// <exception cref="NeedsGoneException">As <paramref name="whyGone"/> says.</exception>
    /// <exception cref="QuotaExceededException">As many of the owner's jobs are active.</exception>
    public async Task<FinalizeOutcome> CreateAsync(
        Guid jobId, FinalizeOrder order, string given, IdempotencyKey? idempotencyKey, CancellationToken cancellationToken, Actor? by = null, Func<JobSpec, string?>? whyGone = null, int? mostActive = null)
    {
        // Before the transaction: a lock on the job is not to be held while others predict.
        using var pass = order.Candidate is null ? await _gate.EnterAsync(isQuick: true, cancellationToken) : null;
        while (true)
        {
            if (idempotencyKey is not null && await _jobs.ReplayAsync(idempotencyKey, cancellationToken) is { } earlier)
                return FinalizeOutcome.Of(earlier, replayed: true);
            if (await TryCreateAsync(jobId, order, given, idempotencyKey, by ?? Actor.Service, whyGone, mostActive, cancellationToken) is { } outcome) return outcome;
        }
    }

    /// <summary>Of each of the jobs, newest first. A job that is a finalization has itself.</summary>
    public async Task<ILookup<Guid, Finalization>> OfAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Jobs.AsNoTracking()
            .Where(j => j.Finalizes != null && (jobIds.Contains(j.Finalizes.Value) || jobIds.Contains(j.Id)))
            .Join(context.Trials, j => j.Id, t => t.JobId, (job, trial) => new { Job = job, Trial = trial })
            .OrderByDescending(row => row.Job.Sequence)
            .ToListAsync(cancellationToken);
        return rows
            .SelectMany(row => new[] { row.Job.Id, row.Job.Finalizes!.Value }.Where(jobIds.Contains), (row, id) => (Id: id, Finalization: new Finalization(row.Job.ToJob(), row.Trial.ToTrial())))
            .ToLookup(entry => entry.Id, entry => entry.Finalization);
    }

    /// <summary>Null: a request with the same key came first.</summary>
    private async Task<FinalizeOutcome?> TryCreateAsync(
        Guid jobId, FinalizeOrder order, string given, IdempotencyKey? idempotencyKey, Actor by, Func<JobSpec, string?>? whyGone, int? mostActive, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        // Before the lock on the job: who removes something holds the gate while it waits for that.
        if (whyGone is not null) await RemovalGate.EnterAsync(transaction.Context, cancellationToken);
        await ActiveJobs.RequireAsync(transaction.Context, by.Owner, mostActive, cancellationToken);
        if (!await transaction.LockJobAsync(jobId, cancellationToken)) return FinalizeOutcome.Refused(FinalizeRefusal.JobNotFound, $"There is no job {jobId}.");
        if (await RefusalAsync(transaction, cancellationToken) is { } refusal) return refusal;
        var (candidate, reason) = await ChooseAsync(transaction, order, cancellationToken);
        if (candidate is not { } index) return reason;
        if (whyGone?.Invoke(order.Spec.For(transaction.Job.Spec, transaction.Job.Spec.Candidates[index])) is { } gone) throw new NeedsGoneException(gone);

        var now = await transaction.Context.NowAsync(cancellationToken);
        var row = Winner.Add(transaction.Context, transaction.Job, index, order.Spec, given, now);
        transaction.Context.Note(by, AuditAction.Finalized, AuditSubject.Job(jobId), now, AuditSubject.Job(row.Id));
        await transaction.Context.SaveChangesAsync(cancellationToken);
        if (idempotencyKey is not null && !await idempotencyKey.TakeAsync(transaction.Context, row.Id, now, cancellationToken)) return null;
        await transaction.Context.AnnounceQueuedAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return FinalizeOutcome.Of(row.ToJob(), replayed: false);
    }

    private static async Task<FinalizeOutcome?> RefusalAsync(JobTransaction transaction, CancellationToken cancellationToken)
    {
        var job = transaction.Job;
        if (job.Finalizes is { } finalized)
            return FinalizeOutcome.Refused(FinalizeRefusal.NoSelection, $"Job {job.Id} is a finalization itself, of job {finalized}: finalize that one again.");
        if (!job.State.IsFinal)
        {
            return FinalizeOutcome.Refused(
                FinalizeRefusal.JobNotFinished, $"Job {job.Id} is {StateText.Of(job.State)}. Wait until it has succeeded, or submit jobs with selection.finalize.");
        }
        if (job.State == JobState.Cancelled)
            return FinalizeOutcome.Refused(FinalizeRefusal.JobCancelled, $"Job {job.Id} was cancelled. Submit it again and let it end.");
        var active = await transaction.Context.Jobs.AsNoTracking()
            .Where(j => j.Finalizes == job.Id && (j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Cancelling))
            .Select(j => (Guid?)j.Id).FirstOrDefaultAsync(cancellationToken);
        return active is null ? null : FinalizeOutcome.Refused(
            FinalizeRefusal.FinalizationActive, $"Finalization {active} of this job has not ended. Wait for it, or cancel it.", active);
    }

    /// <summary>Position of the candidate in the spec; null: the reason is why there is none.</summary>
    private static async Task<(int? Candidate, FinalizeOutcome? Reason)> ChooseAsync(JobTransaction transaction, FinalizeOrder order, CancellationToken cancellationToken)
    {
        var job = transaction.Job;
        var selection = job.Spec.Selection with { Predictor = order.Predictor ?? job.Spec.Selection.Predictor };
        var ranking = await Winner.RankAsync(transaction.Context, job, selection, cancellationToken);
        if (order.Candidate is null)
        {
            return ranking.Candidates is [{ Rank: 1 } first, ..]
                ? (first.CandidateIndex, null)
                : (null, FinalizeOutcome.Refused(FinalizeRefusal.NobodyRanked, WhyNobody(job.Id, ranking)));
        }
        var named = ranking.Candidates.First(candidate => string.Equals(candidate.Candidate, order.Candidate, StringComparison.Ordinal));
        return named.State == CandidateState.Failed
            ? (null, FinalizeOutcome.Refused(
                FinalizeRefusal.CandidateFailed, $"Candidate '{named.Candidate}' failed ({named.Failure?.Code}): {named.Failure?.Message} Name another candidate."))
            : (named.CandidateIndex, null);
    }

    private static string WhyNobody(Guid jobId, Ranking ranking)
    {
        var reasons = ranking.Candidates.Select(candidate => $"{candidate.Candidate}: {candidate.Reason}");
        return $"{ranking.Predictor} ranks no candidate of job {jobId} ({string.Join("; ", reasons)}). Name a `candidate`, or another `predictor`.";
    }
}
