using NeuralCapacitance.Api.Finalizations;
using NeuralCapacitance.Api.Races;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Backbones;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>Puts a job and what is counted of its trials together into what clients see. Of a page of jobs as many queries as of one.</summary>
public sealed class JobReader(JobStore jobs, TrialStore trials, RaceStandings races, FinalizationStore finalizations, BackboneCatalogue backbones, TimeProvider time)
{
    /// <summary>Null: there is no such job.</summary>
    public async Task<JobResponse?> FindAsync(Guid id, PathString pathBase, CancellationToken cancellationToken)
        => await jobs.FindAsync(id, cancellationToken) is { } job ? await DescribeAsync(job, pathBase, cancellationToken) : null;

    public async Task<JobResponse> DescribeAsync(Job job, PathString pathBase, CancellationToken cancellationToken)
        => (await DescribeAsync([job], pathBase, cancellationToken))[0];

    public async Task<IReadOnlyList<JobResponse>> DescribeAsync(
        IReadOnlyList<Job> page, PathString pathBase, CancellationToken cancellationToken)
    {
        if (page.Count == 0) return [];
        List<Guid> all = [.. page.Select(job => job.Id)];
        var tallies = await trials.TalliesAsync(all, cancellationToken);
        var finalized = await finalizations.OfAsync(all, cancellationToken);
        var standings = await races.OfAsync(page, cancellationToken);
        var now = time.GetUtcNow();
        return
        [
            .. page.Select(job => JobResponse.Of(
                job,
                JobProgress.Of(job.Spec, [.. tallies[job.Id]], backbones),
                pathBase,
                now,
                standings.GetValueOrDefault(job.Id),
                finalized[job.Id].FirstOrDefault() is { } newest ? FinalizationResponse.Of(newest, backbones, pathBase) : null,
                WarningsOf(job, tallies[job.Id]))),
        ];
    }

    private static List<string> WarningsOf(Job job, IEnumerable<TrialTally> tallies) =>
    [
        .. FailedCandidates.Warnings([.. tallies.GroupBy(tally => tally.CandidateIndex).OrderBy(group => group.Key)
            .Select(group => (job.Spec.Candidates[group.Key].Name, CandidateStates.Of([.. group.Select(tally => tally.State)])))]),
    ];
}
