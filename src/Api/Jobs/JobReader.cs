using NeuralCapacitance.Api.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Backbones;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>Puts a job and its trials together into what clients see.</summary>
public sealed class JobReader(JobStore jobs, TrialStore trials, RaceStore races, FinalizationStore finalizations, BackboneCatalogue backbones, TimeProvider time)
{
    /// <summary>Null: there is no such job.</summary>
    public async Task<JobResponse?> FindAsync(Guid id, PathString pathBase, CancellationToken cancellationToken)
        => await jobs.FindAsync(id, cancellationToken) is { } job ? await DescribeAsync(job, pathBase, cancellationToken) : null;

    public async Task<JobResponse> DescribeAsync(Job job, PathString pathBase, CancellationToken cancellationToken)
        => (await DescribeAsync([job], pathBase, cancellationToken))[0];

    public async Task<IReadOnlyList<JobResponse>> DescribeAsync(
        IReadOnlyList<Job> page, PathString pathBase, CancellationToken cancellationToken)
    {
        List<Guid> all = [.. page.Select(job => job.Id)];
        var byJob = await trials.ListAsync(all, cancellationToken);
        var finalized = await finalizations.OfAsync(all, cancellationToken);
        var standings = await StandingsAsync([.. page.Where(job => job.Spec.Selection.Mode is SelectionMode.Race)], byJob, cancellationToken);
        var now = time.GetUtcNow();
        return
        [
            .. page.Select(job => JobResponse.Of(
                job,
                JobProgress.Of(job.Spec, [.. byJob[job.Id]], backbones),
                pathBase,
                now,
                standings.GetValueOrDefault(job.Id),
                finalized[job.Id].FirstOrDefault() is { } newest ? FinalizationResponse.Of(newest, backbones, pathBase) : null,
                WarningsOf(job, [.. byJob[job.Id]]))),
        ];
    }

    private static List<string> WarningsOf(Job job, List<Trial> trialsOf) =>
    [
        .. FailedCandidates.Warnings([.. trialsOf.GroupBy(trial => trial.CandidateIndex).OrderBy(group => group.Key)
            .Select(group => (job.Spec.Candidates[group.Key].Name, CandidateStates.Of([.. group.Select(trial => trial.State)])))]),
    ];

    private async Task<Dictionary<Guid, RaceStanding>> StandingsAsync(
        IReadOnlyList<Job> raced, ILookup<Guid, Trial> trialsOf, CancellationToken cancellationToken)
    {
        if (raced.Count == 0)
        {
            return [];
        }

        List<Guid> ids = [.. raced.Select(job => job.Id)];
        var decisions = await races.DecisionsAsync(ids, cancellationToken);
        var seconds = await races.SecondsPerEpochAsync(ids, cancellationToken);
        return raced.ToDictionary(job => job.Id, job => RaceStanding.Of(job.Spec, [.. trialsOf[job.Id]], [.. decisions[job.Id]], seconds));
    }
}
