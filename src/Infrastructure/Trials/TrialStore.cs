using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Infrastructure.Trials;

/// <summary>Trials in Postgres. A write whose lease is no longer held throws <see cref="LeaseLostException"/>. Writes wait out a lost database (backoff) until cancelled.</summary>
public sealed class TrialStore
{
    /// <summary>What a decision makes of a trial although its worker is still at it.</summary>
    private static readonly TrialState[] EndsOfARace = [TrialState.Dropped, TrialState.Succeeded];

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TrialClaims _claims;
    private readonly RaceSettlement _races;
    private readonly Firings _firings;
    private readonly OutageRetry _retry;

    internal TrialStore(IDbContextFactory<ServiceDbContext> contexts, RaceSettlement races, Firings firings, OutageRetry retry)
    {
        _contexts = contexts;
        _claims = new TrialClaims(contexts);
        _races = races;
        _firings = firings;
        _retry = retry;
    }

    /// <summary>
    /// Takes the queued trial of the highest priority, the oldest first (FOR UPDATE SKIP LOCKED); inside a job, all candidates' first
    /// repeats come before their second ones. Null: none waits.
    /// </summary>
    /// <param name="owner">Unique per firing.</param>
    /// <param name="signal">The queue's name of the firing, kept so that operators find it.</param>
    /// <param name="device">What the trial will run on: <c>cpu</c>, <c>cuda:0</c>.</param>
    public async Task<ClaimedTrial?> ClaimNextAsync(string owner, string signal, string device, CancellationToken cancellationToken)
    {
        while (true)
        {
            var attempt = await _retry.RunAsync(token => _claims.TryClaimNextAsync(owner, signal, device, token), cancellationToken);
            if (!attempt.Decided) continue;
            if (attempt.Claimed is { } claimed) _firings.Note(claimed);
            return attempt.Claimed;
        }
    }

    /// <summary>Notes what this attempt's numbers depend on, so that the run can be repeated from its row.</summary>
    public Task DescribeAsync(Lease lease, RunEnvironment environment, CancellationToken cancellationToken) => WriteAsync(
        lease,
        trial =>
        {
            trial.DatasetHash = environment.DatasetHash;
            trial.Software = new(environment.Software, StringComparer.Ordinal);
        },
        cancellationToken);

    /// <summary>
    /// Makes the stored observations those that the attempt goes on from: no row of another run stays beside them. Rows are discarded where
    /// the last attempt's checkpoint is gone or out of date; a note then says so. Repeating the same call is harmless.
    /// </summary>
    /// <param name="history">As restored, from epoch 0 on; empty: the trial starts over.</param>
    /// <returns>The epoch through which all of <paramref name="history"/> is stored; -1: none of it is.</returns>
    public Task<int> ContinueFromAsync(Lease lease, IReadOnlyList<Observation> history, CancellationToken cancellationToken)
        => _retry.RunAsync(token => TryContinueFromAsync(lease, history, token), cancellationToken);

    /// <summary>Stores one epoch and counts it; repeating the same write is harmless, and an epoch that is stored already stays as it is.</summary>
    /// <returns>Whether the epoch was new.</returns>
    public Task<bool> RecordAsync(Lease lease, Observation observation, CancellationToken cancellationToken)
        => _retry.RunAsync(token => TryRecordAsync(lease, observation, token), cancellationToken);

    /// <summary>Stores what was measured before training, all at once; repeating the same write is harmless, and a score that is stored already stays as it is.</summary>
    public Task RecordScoresAsync(Lease lease, IReadOnlyList<TrialScore> scores, CancellationToken cancellationToken)
        => _retry.RunAsync(token => TryRecordScoresAsync(lease, scores, token), cancellationToken);

    public Task AddNoteAsync(Lease lease, string note, CancellationToken cancellationToken) => WriteAsync(
        lease,
        trial =>
        {
            if (!trial.Notes.Contains(note, StringComparer.Ordinal)) trial.Notes = [.. trial.Notes, note];
        },
        cancellationToken);

    public Task SucceedAsync(Lease lease, string? weightsPath, CancellationToken cancellationToken)
        => EndAsync(lease, TrialState.Succeeded, trial => trial.WeightsPath = weightsPath, cancellationToken);

    /// <param name="digest">Of the file at <paramref name="weightsPath"/>.</param>
    public Task SucceedAsync(Lease lease, string weightsPath, FileDigest digest, CancellationToken cancellationToken) => EndAsync(
        lease,
        TrialState.Succeeded,
        trial => (trial.WeightsPath, trial.WeightsSha256, trial.WeightsBytes) = (weightsPath, digest.Sha256, digest.Bytes),
        cancellationToken);

    /// <summary>
    /// Of a race: the trial has reached its target. In the same transaction every round that is complete now is decided, which may end this
    /// trial and others, or queue them for the next round.
    /// </summary>
    /// <param name="weightsPath">Of the backbone as it is now; null: it is not kept.</param>
    public Task<PausedTrial> PauseAsync(Lease lease, string? weightsPath, CancellationToken cancellationToken)
        => _retry.RunAsync(token => TryPauseAsync(lease, weightsPath, token), cancellationToken);

    /// <returns>The trials that ended: this one, and those of a race that its end decided.</returns>
    public Task<IReadOnlyList<Guid>> FailAsync(Lease lease, Failure failure, CancellationToken cancellationToken)
        => EndAsync(lease, TrialState.Failed, trial => (trial.FailureCode, trial.FailureMessage) = (failure.Code, failure.Message), cancellationToken);

    /// <summary>
    /// Gives the trial back to the queue (shutdown, or its worker is gone) and wakes free workers; the next attempt resumes from the checkpoint. Of a job that is being cancelled, it ends here;
    /// a race may have ended it before.
    /// </summary>
    /// <returns>Whether it has ended.</returns>
    public Task<bool> ReleaseAsync(Lease lease, CancellationToken cancellationToken)
        => _retry.RunAsync(token => TryReleaseAsync(lease, token), cancellationToken);

    /// <summary>Whether the lease still is the trial's, and nobody asked to cancel.</summary>
    public async Task<bool> MayGoOnAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Trials.Where(t => t.Id == lease.TrialId && t.Attempt == lease.Attempt && t.LeaseOwner == lease.Owner && t.State == TrialState.Running)
            .Join(context.Jobs, t => t.JobId, j => j.Id, (_, j) => j.State)
            .AnyAsync(state => state == JobState.Running, cancellationToken);
    }

    /// <summary>In the order of the candidates, then of the repeats.</summary>
    public async Task<IReadOnlyList<Trial>> ListAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Trials.AsNoTracking().Where(t => t.JobId == jobId)
            .OrderBy(t => t.CandidateIndex).ThenBy(t => t.Repeat)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToTrial())];
    }

    /// <summary>How many trials of each candidate are in each state, of several jobs at once: one row for each, however many repeats and trials there are.</summary>
    public async Task<ILookup<Guid, TrialTally>> TalliesAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Trials.Where(t => jobIds.Contains(t.JobId))
            .GroupBy(t => new { t.JobId, t.CandidateIndex, t.State })
            .Select(same => new { same.Key.JobId, same.Key.CandidateIndex, same.Key.State, Trials = same.Count(), EpochsTarget = same.Sum(t => t.EpochsTarget), EpochsDone = same.Sum(t => t.EpochsDone) })
            .ToListAsync(cancellationToken);
        return rows.OrderBy(row => row.CandidateIndex).ToLookup(row => row.JobId, row => new TrialTally(row.CandidateIndex, row.State, row.Trials, row.EpochsTarget, row.EpochsDone));
    }

    /// <summary>The trials of several jobs at once, in no particular order.</summary>
    public async Task<ILookup<Guid, Trial>> ListAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Trials.AsNoTracking().Where(t => jobIds.Contains(t.JobId)).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.JobId, row => row.ToTrial());
    }

    /// <summary>Null: there is no such trial.</summary>
    public async Task<Trial?> FindAsync(Guid trialId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Trials.AsNoTracking().SingleOrDefaultAsync(t => t.Id == trialId, cancellationToken))?.ToTrial();
    }

    /// <summary>What one trial has observed, by epoch.</summary>
    public async Task<IReadOnlyList<ObservedEpoch>> EpochsOfAsync(Guid trialId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Observations.AsNoTracking().Where(o => o.TrialId == trialId).OrderBy(o => o.Epoch).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ObservedEpoch(row.Attempt, row.ToObservation()))];
    }

    /// <summary>Observations of a job with <c>Id &gt; after</c>, in order of Id.</summary>
    public async Task<IReadOnlyList<Observation>> ObservationsAsync(Guid jobId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Observations.AsNoTracking().Where(o => o.JobId == jobId && o.Id > after)
            .OrderBy(o => o.Id)
            .Take(limit)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToObservation())];
    }

    /// <summary>The newest observations of a job, in order of Id.</summary>
    public async Task<IReadOnlyList<Observation>> LastObservationsAsync(Guid jobId, int limit, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Observations.AsNoTracking().Where(o => o.JobId == jobId).OrderByDescending(o => o.Id).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToObservation()).Reverse()];
    }

    /// <summary>What was measured before training of a job's trials, in no particular order.</summary>
    public async Task<IReadOnlyList<TrialScore>> ScoresAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.ScoresOf(jobId).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToScore())];
    }

    /// <summary>Whether an attempt has stored the trial's scores. Waits out a lost database.</summary>
    public Task<bool> HasScoresAsync(Guid trialId, CancellationToken cancellationToken) => _retry.RunAsync(
        async token =>
        {
            await using var context = await _contexts.CreateDbContextAsync(token);
            return await context.TrialScores.AnyAsync(s => s.TrialId == trialId, token);
        },
        cancellationToken);

    private async Task<int> TryContinueFromAsync(Lease lease, IReadOnlyList<Observation> history, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        var trial = await LeasedAsync(transaction, lease, [], cancellationToken);
        var rows = await transaction.Context.Observations.Where(o => o.TrialId == trial.Id).OrderBy(o => o.Epoch).ToListAsync(cancellationToken);
        var run = history.ToDictionary(o => o.Epoch);
        var foreign = rows.Where(row => !run.TryGetValue(row.Epoch, out var own) || !row.IsMeasurementOf(own)).ToList();
        var kept = rows.Except(foreign).Select(row => row.Epoch).ToHashSet();
        var stored = Enumerable.Range(0, history.Count).TakeWhile(kept.Contains).Count() - 1;
        if (foreign.Count == 0) return stored;
        transaction.Context.Add(PastWorkRow.Of(foreign));
        transaction.Context.RemoveRange(foreign);
        trial.EpochsDone = kept.DefaultIfEmpty(0).Max();
        trial.Notes =
        [
            .. trial.Notes,
            $"Attempt {lease.Attempt} found no usable checkpoint of the observations of epochs {foreign[0].Epoch} to {foreign[^1].Epoch}: they were discarded, and it starts at epoch {history.Count}.",
        ];
        await transaction.CommitAsync(cancellationToken);
        return stored;
    }

    private async Task<bool> TryRecordAsync(Lease lease, Observation observation, CancellationToken cancellationToken)
    {
        if (observation.TrialId != lease.TrialId)
            throw new ArgumentException($"The observation is of trial {observation.TrialId}, the lease of {lease.TrialId}.", nameof(observation));
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        var trial = await LeasedAsync(transaction, lease, [], cancellationToken);
        if (await transaction.Context.Observations.AnyAsync(o => o.TrialId == trial.Id && o.Epoch == observation.Epoch, cancellationToken)) return false;
        transaction.Context.Add(ObservationRow.From(observation, trial.JobId, lease.Attempt, await transaction.Context.NowAsync(cancellationToken)));
        trial.EpochsDone = Math.Max(trial.EpochsDone, observation.Epoch);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task TryRecordScoresAsync(Lease lease, IReadOnlyList<TrialScore> scores, CancellationToken cancellationToken)
    {
        if (scores.FirstOrDefault(s => s.TrialId != lease.TrialId) is { } stranger)
            throw new ArgumentException($"The score {stranger.Name} is of trial {stranger.TrialId}, the lease of {lease.TrialId}.", nameof(scores));
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        await LeasedAsync(transaction, lease, [], cancellationToken);
        var stored = await transaction.Context.TrialScores.Where(s => s.TrialId == lease.TrialId).Select(s => s.Name).ToListAsync(cancellationToken);
        var added = scores.Where(s => !stored.Contains(s.Name, StringComparer.Ordinal)).Select(TrialScoreRow.From).ToList();
        if (added.Count == 0) return;
        transaction.Context.AddRange(added);
        await transaction.CommitAsync(cancellationToken);
    }

    private Task WriteAsync(Lease lease, Action<TrialRow> write, CancellationToken cancellationToken) => _retry.RunAsync(
        async token =>
        {
            await using var transaction = await JobTransaction.BeginAsync(_contexts, token);
            write(await LeasedAsync(transaction, lease, [], token));
            await transaction.CommitAsync(token);
        },
        cancellationToken);

    private Task<IReadOnlyList<Guid>> EndAsync(Lease lease, TrialState state, Action<TrialRow> write, CancellationToken cancellationToken) => _retry.RunAsync<IReadOnlyList<Guid>>(
        async token =>
        {
            await using var transaction = await JobTransaction.BeginAsync(_contexts, token);
            var trial = await LeasedAsync(transaction, lease, [state], token);
            if (trial.State == state) return [lease.TrialId];
            var now = await transaction.Context.NowAsync(token);
            trial.End(state, now);
            write(trial);
            var ended = await _races.SettleAsync(transaction, slotIsFree: true, now, token);
            await transaction.SettleAsync(cancelRequested: false, now, token);
            await transaction.CommitAsync(token);
            return [lease.TrialId, .. ended];
        },
        cancellationToken);

    private async Task<PausedTrial> TryPauseAsync(Lease lease, string? weightsPath, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        var trial = await LeasedAsync(transaction, lease, [TrialState.Paused, .. EndsOfARace], cancellationToken);
        if (trial.State != TrialState.Running)
        {
            // Another one's pause has ended the race between this one's last epoch and now: its weights are written, and may be the winner's.
            if (weightsPath is not null && trial.WeightsPath is null)
            {
                trial.WeightsPath = weightsPath;
                await transaction.CommitAsync(cancellationToken);
            }
            return new(trial.State, trial.State.IsFinal ? [trial.Id] : []);
        }
        var now = await transaction.Context.NowAsync(cancellationToken);
        trial.WeightsPath = weightsPath;
        if (transaction.Job.State == JobState.Cancelling) trial.End(TrialState.Cancelled, now);
        else trial.Pause();
        var ended = await _races.SettleAsync(transaction, slotIsFree: true, now, cancellationToken);
        await transaction.SettleAsync(cancelRequested: false, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(trial.State, trial.State is TrialState.Cancelled ? [trial.Id] : ended);
    }

    private async Task<bool> TryReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var transaction = await JobTransaction.BeginAsync(_contexts, cancellationToken);
        var trial = await LeasedAsync(transaction, lease, EndsOfARace, cancellationToken);
        if (trial.State.IsFinal) return transaction.Job.Spec.Selection.Mode == SelectionMode.Race ? true : throw new LeaseLostException(lease);
        var now = await transaction.Context.NowAsync(cancellationToken);
        if (transaction.Job.State == JobState.Cancelling) trial.End(TrialState.Cancelled, now);
        else trial.Release();
        if (trial.State == TrialState.Queued) await transaction.Context.AnnounceQueuedAsync(cancellationToken);
        await transaction.SettleAsync(cancelRequested: false, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return trial.State.IsFinal;
    }

    /// <summary>Locks the job and reads the trial, if the lease is still its.</summary>
    /// <param name="orStates">States besides running that the same attempt may be found in: an earlier try of the same write left them, or a race did.</param>
    private static async Task<TrialRow> LeasedAsync(JobTransaction transaction, Lease lease, TrialState[] orStates, CancellationToken cancellationToken)
    {
        if (!await transaction.LockJobOfTrialAsync(lease.TrialId, cancellationToken)) throw new LeaseLostException(lease);
        return await transaction.Context.Trials.SingleOrDefaultAsync(
                t => t.Id == lease.TrialId && t.Attempt == lease.Attempt && t.LeaseOwner == lease.Owner && (t.State == TrialState.Running || orStates.Contains(t.State)),
                cancellationToken)
            ?? throw new LeaseLostException(lease);
    }
}
