using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Api.Weights;

internal static class WeightsEndpoints
{
    private const int DefaultLimit = 500;
    private const int MostLimit = 1_000;

    /// <summary>Of the search; a data root may be large, or far away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapWeights(this IEndpointRouteBuilder routes)
        => routes.MapGet("/weights", ListAsync).WithTags("Catalogues").WithName("listWeights").WithExample(Samples.Weights)
            .ProducesProblems(ProblemTypes.InvalidParameter).CountsAs(RequestClass.Expensive);

    /// <summary>The files of weights that a candidate can start from</summary>
    /// <remarks>
    /// Files below the data roots and the artifact root that are named like weights (`.safetensors`, `.pt`, `.pth`, `.bin`, `.h5`, …) and begin like them, as this node sees them, and
    /// what trials have saved. Hidden files, links to folders, checkpoints of the service and uploaded data sets are left out; a job may name files that are not listed. Whether a
    /// file fits a backbone shows when the job is posted. With `Auth:Isolation=owner` only what the caller's own jobs saved is shown.
    /// </remarks>
    /// <param name="limit" example="500">At most so many files of people's, and as many that trials saved: 1 … 1000; 500 if absent.</param>
    /// <response code="200">`more` says why not all are listed: there are more, or the search took too long.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    private static async Task<Results<Ok<WeightsList>, ProblemHttpResult>> ListAsync(
        HttpContext context, WeightsSearch search, SavedWeightsStore saved, IOptions<AccessOptions> access, CancellationToken cancellationToken, int? limit = null)
    {
        if (limit is < 1 or > MostLimit)
        {
            return ProblemResults.InvalidParameters(new FieldError("limit", limit, "is out of range", $"a whole number from 1 to {MostLimit}"));
        }

        var most = limit ?? DefaultLimit;
        var given = await Task.Run(() => search.Find(most, Patience, cancellationToken), cancellationToken);
        var own = await saved.ListAsync(context.Caller().Only(access.Value.Isolation), most + 1, cancellationToken);
        return TypedResults.Ok(new WeightsList(
            [.. given.Files.Select(WeightsResponse.Of), .. own.Take(most).Select(WeightsResponse.Of)],
            given.More ?? (own.Count > most ? $"trials saved more than {most}, of which the newest are listed" : null)));
    }
}
