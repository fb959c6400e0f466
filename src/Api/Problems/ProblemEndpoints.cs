using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;

namespace NeuralCapacitance.Api.Problems;

internal static class ProblemEndpoints
{
    public static void MapProblems(this IEndpointRouteBuilder routes)
        => routes.MapGet("/problems/{slug}", Describe).WithTags("Problems").WithName("describeProblem").WithExample(() => ProblemTypes.InvalidJobSpec).ProducesProblems(ProblemTypes.NotFound).AllowAnonymous();

    /// <summary>What the type of a problem means and what to do about it</summary>
    /// <param name="slug" example="invalid-job-spec">Last part of the type.</param>
    /// <response code="200">Status, title and advice.</response>
    private static Results<Ok<ProblemType>, ProblemHttpResult> Describe(string slug)
        => ProblemTypes.All.FirstOrDefault(type => string.Equals(type.Slug, slug, StringComparison.Ordinal)) is { } found
            ? TypedResults.Ok(found)
            : ProblemTypes.NotFound.ToResult(
                $"There is no problem type '{slug}'; known are {string.Join(", ", ProblemTypes.All.Select(type => type.Slug))}.");
}
