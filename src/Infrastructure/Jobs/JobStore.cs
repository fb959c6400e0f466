using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Limits;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>A page of a listing; <see cref="NextCursor"/> is null on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <param name="found">One more than the page has, if there is a next page.</param>
    /// <param name="cursorAfter">The cursor that goes on behind an item.</param>
    internal static Page<T> Of(IReadOnlyList<T> found, int limit, Func<T, string> cursorAfter)
        => found.Count > limit ? new([.. found.Take(limit)], cursorAfter(found[limit - 1])) : new(found, null);
}

/// <param name="Job">The new job, or the one that the same key made before.</param>
/// <param name="Replayed">True for the latter.</param>
public sealed record CreatedJob(Job Job, bool Replayed);

/// <param name="Version">Grows with every change.</param>
public sealed record JobStamp(long Version, JobState State);

public enum DeleteOutcome
{
    Deleted,
    NotFound,

    /// <summary>The job has to be cancelled first.</summary>
    StillActive,

    /// <summary>A finalization of the job has to be cancelled first.</summary>
    FinalizationActive,
}

/// <summary>Jobs in Postgres.</summary>
public sealed partial class JobStore
{
    private const string Listing = "jobs";

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly ArtifactStore _artifacts;
    private readonly ILogger<JobStore> _logger;

    internal JobStore(IDbContextFactory<ServiceDbContext> contexts, ArtifactStore artifacts, ILogger<JobStore> logger)
    {
        _contexts = contexts;
        _artifacts = artifacts;
        _logger = logger;
    }

    /// <summary>Inserts job and trials in one transaction, whose commit wakes free workers.</summary>
    /// <param name="spec">As resolved.</param>
    /// <param name="givenSpec">As the client sent it (JSON).</param>
    /// <param name="problems">What a user should know about its data set.</param>
    /// <param name="by">Whose job it is; null: the service's own.</param>
    /// <param name="whyGone">Why the job cannot do with what is there now; asked when nothing more can be removed, and quick. Null: it needs nothing that could be.</param>
    /// <exception cref="IdempotencyConflictException">The key was used for another request in the last 24 hours.</exception>
    /// <param name="mostActive">How many jobs of the owner may be active; null: any number.</param>
    /// <exception cref="NeedsGoneException">As <paramref name="whyGone"/> says.</exception>
    /// <exception cref="QuotaExceededException">As many of the owner's jobs are active.</exception>
    public async Task<CreatedJob> CreateAsync(
        JobSpec spec,
        string givenSpec,
        IdempotencyKey? idempotencyKey,
        CancellationToken cancellationToken,
        IReadOnlyList<string>? problems = null,
        Actor? by = null,
        Func<string?>? whyGone = null,
        int? mostActive = null)
    {
        while (true)
        {
            if (idempotencyKey is not null && await ReplayAsync(idempotencyKey, cancellationToken) is { } earlier) return new(earlier, Replayed: true);
            if (await TryCreateAsync(spec, givenSpec, problems ?? [], idempotencyKey, by ?? Actor.Service, whyGone, mostActive, cancellationToken) is { } created) return new(created, Replayed: false);
        }
    }

    public async Task<Job?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Jobs.Where(j => j.Id == id).Select(JobRow.Shown).SingleOrDefaultAsync(cancellationToken))?.ToJob();
    }

    /// <summary>Whether a job has changed, without reading it. Null: no such job.</summary>
    public async Task<JobStamp?> StampAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.Where(j => j.Id == id).Select(j => new JobStamp(j.Version, j.State)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Counts up with every change; null: there is no such job.</summary>
    public async Task<long?> FindVersionAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.Where(j => j.Id == id).Select(j => (long?)j.Version).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Null: there is no such job.</summary>
    public async Task<string?> OwnerOfAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.Where(j => j.Id == id).Select(j => j.Owner).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Newest first, without finalizations.</summary>
    /// <param name="filter">Null: all.</param>
    /// <param name="cursor">A place among all jobs, whatever the filter of the page that gave it.</param>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public async Task<Page<Job>> ListAsync(JobFilter? filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var before = cursor is null ? long.MaxValue : PageCursor.Parse(Listing, cursor);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Filtered(filter ?? new())
            .Where(j => j.Sequence < before && j.Finalizes == null)
            .OrderByDescending(j => j.Sequence)
            .Take(limit + 1)
            .Select(JobRow.Shown)
            .ToListAsync(cancellationToken);
        var page = Page<JobRow>.Of(rows, limit, row => PageCursor.After(Listing, row.Sequence));
        return new([.. page.Items.Select(row => row.ToJob())], page.NextCursor);
    }

    /// <summary>Those that have not ended, in no particular order.</summary>
    public async Task<IReadOnlyList<Job>> ListActiveAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Jobs.AsNoTracking()
            .Where(j => j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Cancelling)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToJob())];
    }

    /// <summary>
    /// Queued and paused trials are cancelled at once; running ones are told to stop (NOTIFY) and the job is <c>cancelling</c> until they have.
    /// A repeated cancel ends what the first had to leave to a claimer that then died. A finished job stays as it is. Null: no such job.
    /// </summary>
    /// <param name="by">Null: the service itself.</param>
    public async Task<Job?> CancelAsync(Guid id, CancellationToken cancellationToken, Actor? by = null)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        if (!await transaction.LockJobAsync(id, cancellationToken)) return null;
        if (transaction.Job.State.IsFinal) return transaction.Job.ToJob();
        var now = await transaction.Context.NowAsync(cancellationToken);
        // A queued trial that is locked is being claimed; the claim waits for our lock on the job, finds it cancelling and cancels the trial.
        // A claim that is rolled back instead leaves the trial queued: to the next cancel, or to the reconciliation.
        var waiting = await transaction.Context.Trials
            .FromSql($"SELECT * FROM trials WHERE job_id = {id} AND state IN ('queued', 'paused') FOR UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken);
        if (waiting.Count == 0 && transaction.Job.State == JobState.Cancelling) return transaction.Job.ToJob();
        foreach (var trial in waiting) trial.End(TrialState.Cancelled, now);
        transaction.Context.Note(by ?? Actor.Service, AuditAction.Cancelled, AuditSubject.Job(id), now);
        await transaction.SettleAsync(cancelRequested: true, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return transaction.Job.ToJob();
    }

    /// <summary>Deletes a finished job with all that hangs on it, finalizations and artifacts included.</summary>
    /// <param name="by">Null: the service itself.</param>
    /// <param name="action">What the audit calls it.</param>
    public async Task<DeleteOutcome> DeleteAsync(Guid id, CancellationToken cancellationToken, Actor? by = null, AuditAction action = AuditAction.Deleted)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        await transaction.LockFinalizationsAsync(id, cancellationToken);
        if (!await transaction.LockJobAsync(id, cancellationToken)) return DeleteOutcome.NotFound;
        if (!transaction.Job.State.IsFinal) return DeleteOutcome.StillActive;
        // Read anew: one may have been made while the lock on the job was waited for.
        var finalizations = await transaction.Context.Jobs.AsNoTracking().Where(j => j.Finalizes == id).Select(j => new { j.Id, j.State }).ToListAsync(cancellationToken);
        if (finalizations.Exists(finalization => !finalization.State.IsFinal)) return DeleteOutcome.FinalizationActive;
        List<Guid> jobs = [id, .. finalizations.Select(finalization => finalization.Id)];
        var trials = await transaction.Context.Trials.Where(t => jobs.Contains(t.JobId)).Select(t => t.Id).ToListAsync(cancellationToken);
        transaction.Context.Note(by ?? Actor.Service, action, AuditSubject.Job(id), await transaction.Context.NowAsync(cancellationToken));
        await transaction.DeleteJobAsync(cancellationToken);
        try
        {
            foreach (var job in jobs) _artifacts.Delete(job, trials);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The job is gone all the same. What a failure or a crash leaves behind here, the sweep of orphans removes.
            LogArtifactsLeft(e, id);
        }
        return DeleteOutcome.Deleted;
    }

    /// <summary>The job that the same key and body made before. Null: none.</summary>
    /// <exception cref="IdempotencyConflictException">The key came with another body.</exception>
    public async Task<Job?> ReplayAsync(IdempotencyKey given, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var oldest = await context.NowAsync(cancellationToken) - IdempotencyKey.Lifetime;
        await context.IdempotencyKeys.Where(k => k.Owner == given.Owner && k.Key == given.Key && k.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        var earlier = await context.IdempotencyKeys.AsNoTracking()
            .Where(k => k.Owner == given.Owner && k.Key == given.Key)
            .Join(context.Jobs, k => k.JobId, j => j.Id, (k, j) => new { k.RequestHash, Job = j })
            .SingleOrDefaultAsync(cancellationToken);
        if (earlier is null) return null;
        return earlier.RequestHash == given.RequestHash ? earlier.Job.ToJob() : throw new IdempotencyConflictException(given.Key);
    }

    /// <summary>Null: a request with the same key came first.</summary>
    private async Task<Job?> TryCreateAsync(
        JobSpec spec, string givenSpec, IReadOnlyList<string> problems, IdempotencyKey? idempotencyKey, Actor by, Func<string?>? whyGone, int? mostActive, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var job = JobPlan.NewJob(spec, givenSpec, by.Owner, now);
        job.Problems = [.. problems];
        var trials = JobPlan.TrialsOf(job, now);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        if (whyGone is not null)
        {
            await RemovalGate.EnterAsync(context, cancellationToken);
            if (whyGone() is { } gone) throw new NeedsGoneException(gone);
        }
        await ActiveJobs.RequireAsync(context, by.Owner, mostActive, cancellationToken);
        context.Add(job);
        context.AddRange(trials);
        context.Note(by, AuditAction.Submitted, AuditSubject.Job(job.Id), now);
        await context.SaveChangesAsync(cancellationToken);
        if (idempotencyKey is not null && !await idempotencyKey.TakeAsync(context, job.Id, now, cancellationToken)) return null;
        await context.AnnounceQueuedAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return job.ToJob();
    }

    [LoggerMessage(2220, LogLevel.Warning, "Job {JobId} is deleted, but not all of its artifacts are; the sweep of orphans tries again")]
    private partial void LogArtifactsLeft(Exception exception, Guid jobId);
}
