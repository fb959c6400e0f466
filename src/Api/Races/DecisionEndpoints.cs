using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Api.Races;

internal static class DecisionEndpoints
{
    private const int DefaultPageSize = 1_000;
    private const int MaxPageSize = 10_000;

    public static void MapDecisions(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/decisions", ListAsync).WithTags("Jobs").WithName("listDecisions").WithExample(Samples.Decisions)
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound);

    /// <summary>What a race has decided, candidate by candidate, with its numbers</summary>
    /// <remarks>
    /// Only a job of mode `race` has any. A round is decided once, when every candidate in the race has reached its epoch, from the epochs up to it:
    /// how many workers there are and which of them are lost changes nothing in it, promotions apart.
    /// </remarks>
    /// <param name="after" example="0">Only decisions with a higher id: the page before's `nextAfter`.</param>
    /// <param name="limit" example="1000">1 … 10 000 decisions per page; 1 000 if absent.</param>
    /// <response code="200">In order of id.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Ok<DecisionPage>, StatusCodeHttpResult, ProblemHttpResult>> ListAsync(
        Guid id,
        HttpContext context,
        JobStore jobs,
        RaceStore races,
        CancellationToken cancellationToken,
        long after = 0,
        int? limit = null)
    {
        if (limit is < 1 or > MaxPageSize)
        {
            return ProblemResults.InvalidParameters(
                new FieldError("limit", limit, "is out of range", $"a whole number from 1 to {MaxPageSize}"));
        }

        // The job first: its version is at most as new as the decisions.
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        if (EntityTags.ClientHas(context, job.Version))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var size = limit ?? DefaultPageSize;
        var decisions = await races.DecisionsAsync(id, after, size, cancellationToken);
        return TypedResults.Ok(new DecisionPage(
            [.. decisions.Select(decision => DecisionResponse.Of(decision, job.Spec))], decisions.Count == size ? decisions[^1].Id : null));
    }
}
