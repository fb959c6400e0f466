using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Trials;

internal static class TrialEndpoints
{
    public static void MapTrials(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/trials", ListAsync).WithTags("Jobs").WithName("listTrials").WithExample(Samples.Trials).ProducesProblems(ProblemTypes.JobNotFound);

    /// <summary>The trials of a job: each candidate with each seed</summary>
    /// <response code="200">In the order of the spec's candidates, then repeats.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Ok<TrialList>, ProblemHttpResult>> ListAsync(
        Guid id, JobStore jobs, TrialStore trials, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var its = await trials.ListAsync(id, cancellationToken);
        var scores = (await trials.ScoresAsync(id, cancellationToken)).ToLookup(score => score.TrialId);
        return TypedResults.Ok(new TrialList(
            [.. its.OrderBy(trial => trial.CandidateIndex).ThenBy(trial => trial.Repeat).Select(trial => TrialResponse.Of(trial, job.Spec, scores[trial.Id]))]));
    }
}

/// <summary>All trials of one job.</summary>
public sealed record TrialList(IReadOnlyList<TrialResponse> Items);
