using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Finalizations;

/// <summary>Which candidate a job's finalization trains when nobody names one: the first of its ranking.</summary>
internal static class Winner
{
    /// <summary>Inserts the finalization that the spec asked for. Its trial is taken by the slot that ended the job's last one, unless another is quicker.</summary>
    public static async Task AddFinalizationAsync(ServiceDbContext context, JobRow job, FinalizeSpec asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ranking = await RankAsync(context, job, job.Spec.Selection, cancellationToken);
        // With nobody ranked there is nothing to train; the job says so for as long as it has no finalization.
        if (ranking.Candidates is not [{ Rank: 1 } first, ..]) return;
        Add(context, job, first.CandidateIndex, asked, System.Text.Json.JsonSerializer.Serialize(asked, JobSpecJson.Options), now);
    }

    public static JobRow Add(ServiceDbContext context, JobRow job, int candidate, FinalizeSpec spec, string given, DateTimeOffset now)
    {
        var row = JobPlan.NewJob(spec.For(job.Spec, job.Spec.Candidates[candidate]), given, job.Owner, now, finalizes: job.Id);
        context.Add(row);
        context.AddRange(JobPlan.TrialsOf(row, now));
        return row;
    }

    /// <summary>By what is stored at this moment.</summary>
    public static async Task<Ranking> RankAsync(ServiceDbContext context, JobRow job, SelectionSpec selection, CancellationToken cancellationToken)
    {
        if (selection.Mode == SelectionMode.Race && await LastRoundAsync(context, job.Id, cancellationToken) is { } round)
            selection = selection with { Observe = round - (selection.Start ?? 0) };
        var trials = await context.Trials.AsNoTracking().Where(t => t.JobId == job.Id).ToListAsync(cancellationToken);
        var observations = await context.Observations.AsNoTracking().Where(o => o.JobId == job.Id).OrderBy(o => o.Id).ToListAsync(cancellationToken);
        var scores = await context.ScoresOf(job.Id).ToListAsync(cancellationToken);
        return Ranker.Rank(
            job.Spec,
            [.. trials.Select(row => row.ToTrial())],
            [.. observations.Select(row => row.ToObservation())],
            selection,
            scores: [.. scores.Select(row => row.ToScore())],
            cancellationToken: cancellationToken);
    }

    /// <summary>A race was decided by more than its first window.</summary>
    private static Task<int?> LastRoundAsync(ServiceDbContext context, Guid jobId, CancellationToken cancellationToken)
        => context.Decisions.Where(d => d.JobId == jobId && d.Action != RaceAction.Promoted).MaxAsync(d => (int?)d.Round, cancellationToken);
}
