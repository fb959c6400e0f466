using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>
/// A transaction that changes one job, its trials or its observations. It counts up the job's version and, when it commits, wakes the
/// job's watchers. Locks are taken in one order, a finalization before the job that it finalizes, job before trial, and a queued trial only with
/// SKIP LOCKED: no two can deadlock.
/// </summary>
internal sealed class JobTransaction : IAsyncDisposable
{
    /// <summary>Postgres channel of changes; the payload is the job's id, or that of the queue (<see cref="Queue.QueuedTrials.ChangeId"/>).</summary>
    public const string Channel = "job_changes";

    private readonly IDbContextTransaction _transaction;
    private JobRow? _job;

    private JobTransaction(ServiceDbContext context, IDbContextTransaction transaction)
    {
        Context = context;
        _transaction = transaction;
    }

    public ServiceDbContext Context { get; }

    /// <summary>The locked job.</summary>
    public JobRow Job => _job ?? throw new InvalidOperationException("No job was locked.");

    public static async Task<JobTransaction> BeginAsync(IDbContextFactory<ServiceDbContext> contexts, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            return new(context, await context.BeginTransactionAsync(cancellationToken));
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    /// <summary>Locks the job until the end. False: there is no such job.</summary>
    public async Task<bool> LockJobAsync(Guid jobId, CancellationToken cancellationToken)
        => (_job = await OneAsync(Context.Jobs.FromSql($"SELECT * FROM jobs WHERE id = {jobId} FOR UPDATE"), cancellationToken)) is not null;

    /// <summary>Locks the job's finalizations until the end; before the job itself, if that is to be locked too.</summary>
    public async Task<IReadOnlyList<JobRow>> LockFinalizationsAsync(Guid jobId, CancellationToken cancellationToken)
        => await Context.Jobs.FromSql($"SELECT * FROM jobs WHERE finalizes = {jobId} ORDER BY id FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken);

    /// <summary>Locks the trial's job until the end. False: there is no such trial.</summary>
    public async Task<bool> LockJobOfTrialAsync(Guid trialId, CancellationToken cancellationToken)
        => (_job = await OneAsync(
            Context.Jobs.FromSql($"SELECT j.* FROM jobs j JOIN trials t ON t.job_id = j.id WHERE t.id = {trialId} FOR UPDATE OF j"),
            cancellationToken)) is not null;

    /// <summary>Brings the job's state in line with its trials.</summary>
    /// <param name="cancelRequested">A client asks to cancel now, or did before.</param>
    public async Task SettleAsync(bool cancelRequested, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Context.SaveChangesAsync(cancellationToken);
        var trials = await Context.Trials.AsNoTracking().Where(t => t.JobId == Job.Id)
            .OrderBy(t => t.Repeat).ThenBy(t => t.CandidateIndex)
            .Select(t => new { t.State, t.Candidate, t.EpochsDone, t.FailureMessage })
            .ToListAsync(cancellationToken);
        var state = JobStates.Of([.. trials.Select(t => t.State)], cancelRequested || Job.State == JobState.Cancelling);
        // Between two rounds of a race all its trials may be queued, and yet it has begun.
        if (state == JobState.Queued && Job is { State: JobState.Running, Spec.Selection.Mode: SelectionMode.Race } && trials.Exists(t => t.EpochsDone > 0)) return;
        if (state == Job.State) return;
        Job.State.GuardTransitionTo(state);
        Job.State = state;
        // A job that went back to the queue and runs again does not begin anew.
        if (state != JobState.Running || Job.StartedAt is null) await WebhookOutbox.NoteAsync(Context, Job, now, cancellationToken);
        if (state == JobState.Running) Job.StartedAt ??= now;
        if (state.IsFinal) Job.FinishedAt = now;
        if (state == JobState.Succeeded && Job.Spec.Selection.Finalize is { } asked) await Winner.AddFinalizationAsync(Context, Job, asked, now, cancellationToken);
        if (state != JobState.Failed) return;
        var first = trials.First(t => t.State == TrialState.Failed);
        Job.FailureCode = "all-trials-failed";
        var which = trials.Exists(t => t.State == TrialState.Dropped) ? "All trials of the candidates left in the race failed" : $"All {trials.Count} trials failed";
        Job.FailureMessage = $"{which}; the first, of {first.Candidate}: {first.FailureMessage}";
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        Job.Version++;
        var isFinalizationSettled = Job.Finalizes is not null && Context.Entry(Job).Property(j => j.State).IsModified;
        await Context.SaveChangesAsync(cancellationToken);
        if (isFinalizationSettled) await ChangeFinalizedJobAsync(cancellationToken);
        await NotifyAsync(Job.Id, cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes the locked job with all that hangs on it, its finalizations too, and commits.</summary>
    public async Task DeleteJobAsync(CancellationToken cancellationToken)
    {
        await Context.SaveChangesAsync(cancellationToken);
        await PastWorkRow.KeepAsync(Context, Job.Id, cancellationToken);
        await Context.Jobs.Where(j => j.Id == Job.Id).ExecuteDeleteAsync(cancellationToken);
        await ChangeFinalizedJobAsync(cancellationToken);
        await NotifyAsync(Job.Id, cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Context.DisposeAsync();
    }

    /// <summary>A job shows how its finalization stands: it changes with the locked one.</summary>
    public async Task ChangeFinalizedJobAsync(CancellationToken cancellationToken)
    {
        if (Job.Finalizes is not { } finalized) return;
        await Context.Jobs.Where(j => j.Id == finalized).ExecuteUpdateAsync(set => set.SetProperty(j => j.Version, j => j.Version + 1), cancellationToken);
        await NotifyAsync(finalized, cancellationToken);
    }

    private Task<int> NotifyAsync(Guid jobId, CancellationToken cancellationToken)
        => Context.Database.ExecuteSqlAsync($"SELECT pg_notify({Channel}, {jobId.ToString()})", cancellationToken);

    /// <summary>A query that locks cannot be composed, so its rows are read as they come.</summary>
    private static async Task<T?> OneAsync<T>(IQueryable<T> locking, CancellationToken cancellationToken) where T : class
        => (await locking.ToListAsync(cancellationToken)).SingleOrDefault();
}
