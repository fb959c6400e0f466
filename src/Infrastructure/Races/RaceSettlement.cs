using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Races;

/// <summary>
/// Brings a race in line with what has been observed, inside a transaction that holds the job's row: decides every round that is
/// complete, ends the trials of those that are out, and queues the others for the next round. Idempotent: what is decided is not
/// decided again, so it makes up for anything that was left undone.
/// </summary>
internal sealed class RaceSettlement
{
    /// <param name="slotIsFree">A worker has just finished with a trial: a paused one may go ahead, if nothing else waits for that worker.</param>
    /// <returns>The trials that this ended.</returns>
    public async Task<IReadOnlyList<Guid>> SettleAsync(JobTransaction transaction, bool slotIsFree, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (transaction.Job is not { Spec.Selection.Mode: SelectionMode.Race, State: JobState.Queued or JobState.Running }) return [];
        var context = transaction.Context;
        await context.SaveChangesAsync(cancellationToken);
        var rows = await context.Trials.Where(t => t.JobId == transaction.Job.Id).OrderBy(t => t.CandidateIndex).ThenBy(t => t.Repeat).ToListAsync(cancellationToken);
        var course = await CourseAsync(transaction, rows, cancellationToken);
        RaceEvidence? evidence = null;
        while (course.IsRoundComplete)
        {
            evidence ??= await EvidenceAsync(transaction, cancellationToken);
            var round = course.Decide(evidence);
            context.AddRange(round.Decisions.Select(d => DecisionRow.From(d, transaction.Job.Id, now)));
            course = course.After(round);
        }

        var (ended, queued) = await MoveAsync(transaction, course, rows, now, cancellationToken);
        if (slotIsFree && queued == 0 && !await AnyWaitsAsync(transaction, cancellationToken))
            queued += await PromoteAsync(transaction, rows, evidence, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        if (queued > 0) await context.AnnounceQueuedAsync(cancellationToken);
        return ended;
    }

    /// <summary>What the race has made of a trial that is just being claimed, and was locked when the decision fell; null: it races on.</summary>
    public static async Task<TrialState?> EndOfAsync(JobTransaction transaction, TrialRow trial, CancellationToken cancellationToken)
    {
        if (transaction.Job.Spec.Selection.Mode != SelectionMode.Race) return null;
        var rows = await transaction.Context.Trials.AsNoTracking().Where(t => t.JobId == trial.JobId).ToListAsync(cancellationToken);
        return (await CourseAsync(transaction, rows, cancellationToken)).EndOf(trial.ToTrial());
    }

    private static async Task<RaceCourse> CourseAsync(JobTransaction transaction, List<TrialRow> rows, CancellationToken cancellationToken)
    {
        var decisions = await transaction.Context.Decisions.AsNoTracking().Where(d => d.JobId == transaction.Job.Id).OrderBy(d => d.Id).ToListAsync(cancellationToken);
        return new RaceCourse(transaction.Job.Spec, [.. rows.Select(row => row.ToTrial())], [.. decisions.Select(row => row.ToDecision())]);
    }

    private static async Task<(List<Guid> Ended, int Queued)> MoveAsync(
        JobTransaction transaction, RaceCourse course, List<TrialRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (ended, queued) = (new List<Guid>(), 0);
        var free = await UnlockedAsync(transaction, cancellationToken);
        foreach (var row in rows.Where(row => !row.State.IsFinal))
        {
            var trial = row.ToTrial();
            if (course.EndOf(trial) is { } end)
            {
                // A queued trial that is locked is being claimed: the claim waits for our lock on the job, and then ends the trial itself.
                if (row.State == TrialState.Queued && !free.Contains(row.Id)) continue;
                row.EndInRace(end, now);
                ended.Add(row.Id);
            }
            else if (row.State != TrialState.Queued)
            {
                row.EpochsTarget = course.TargetOf(trial);
                if (row.State != TrialState.Paused || row.EpochsDone >= row.EpochsTarget) continue;
                row.Release();
                queued++;
            }
        }
        return (ended, queued);
    }

    private async Task<int> PromoteAsync(
        JobTransaction transaction, List<TrialRow> rows, RaceEvidence? evidence, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await transaction.Context.SaveChangesAsync(cancellationToken);
        if (!rows.Exists(row => row.State == TrialState.Paused)) return 0;
        evidence ??= await EvidenceAsync(transaction, cancellationToken);
        if ((await CourseAsync(transaction, rows, cancellationToken)).Promote(evidence) is not { } promotion) return 0;
        var promoted = rows.Find(row => row.CandidateIndex == promotion.Candidate && row.Repeat == promotion.Repeat)!;
        promoted.EpochsTarget = promoted.EpochsDone + 1;
        promoted.Release();
        transaction.Context.Add(DecisionRow.From(promotion, transaction.Job.Id, now));
        return 1;
    }

    /// <summary>The job's queued trials that nobody is claiming; they are locked from here on.</summary>
    private static async Task<HashSet<Guid>> UnlockedAsync(JobTransaction transaction, CancellationToken cancellationToken)
        => [.. await transaction.Context.Database.SqlQuery<Guid>(
            $"""SELECT id AS "Value" FROM trials WHERE job_id = {transaction.Job.Id} AND state = 'queued' FOR UPDATE SKIP LOCKED""").ToListAsync(cancellationToken)];

    /// <summary>Whether any trial of any job waits for a worker. To run ahead is worth nobody's waiting.</summary>
    private static async Task<bool> AnyWaitsAsync(JobTransaction transaction, CancellationToken cancellationToken)
        => await transaction.Context.CountQueuedAsync(1, cancellationToken) > 0;

    private static async Task<RaceEvidence> EvidenceAsync(JobTransaction transaction, CancellationToken cancellationToken)
    {
        var context = transaction.Context;
        var observations = await context.Observations.AsNoTracking().Where(o => o.JobId == transaction.Job.Id).ToListAsync(cancellationToken);
        var scores = await context.ScoresOf(transaction.Job.Id).ToListAsync(cancellationToken);
        return new RaceEvidence([.. observations.Select(row => row.ToObservation())], [.. scores.Select(row => row.ToScore())]);
    }
}
