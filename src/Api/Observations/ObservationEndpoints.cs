using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Observations;

internal static class ObservationEndpoints
{
    private const int DefaultPageSize = 1_000;
    private const int MaxPageSize = 10_000;
    private const string Csv = "text/csv";

    public static void MapObservations(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/observations", ListAsync).WithTags("Jobs").WithName("listObservations").WithExample(Samples.Observations)
            .Produces<ObservationPage>()
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound);

    /// <summary>What was measured, epoch by epoch</summary>
    /// <remarks>CSV (`format=csv`, or `Accept: text/csv`) holds everything after `after`; JSON comes in pages.</remarks>
    /// <param name="after" example="0">Only observations with a higher id: the page before's `nextAfter`.</param>
    /// <param name="limit" example="1000">1 … 10 000 observations per page of JSON; 1 000 if absent.</param>
    /// <param name="format">`json` if absent.</param>
    /// <response code="200">In order of id.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Ok<ObservationPage>, PushStreamHttpResult, ProblemHttpResult>> ListAsync(
        Guid id,
        HttpRequest request,
        JobStore jobs,
        ObservationReader reader,
        CancellationToken cancellationToken,
        long after = 0,
        int? limit = null,
        Word<ObservationFormat>? format = null)
    {
        if (limit is < 1 or > MaxPageSize)
        {
            return ProblemResults.InvalidParameters(
                new FieldError("limit", limit, "is out of range", $"a whole number from 1 to {MaxPageSize}"));
        }

        if (await jobs.FindAsync(id, cancellationToken) is null)
        {
            return ProblemResults.JobNotFound(id);
        }

        if ((format?.Value ?? Preferred(request)) is ObservationFormat.Csv)
        {
            return TypedResults.Stream(
                stream => ObservationCsv.WriteAsync(reader.AllAsync(id, after, cancellationToken), stream, cancellationToken),
                $"{Csv}; charset=utf-8; header=present", $"observations-{id}.csv");
        }

        var size = limit ?? DefaultPageSize;
        var items = await reader.PageAsync(id, after, size, cancellationToken);
        return TypedResults.Ok(new ObservationPage(items, items.Count == size ? items[^1].Id : null));
    }

    private static ObservationFormat Preferred(HttpRequest request)
        => request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase))
            ? ObservationFormat.Csv
            : ObservationFormat.Json;
}

/// <summary>How observations are written.</summary>
public enum ObservationFormat
{
    Json,
    Csv,
}

/// <summary>One page of observations.</summary>
/// <param name="NextAfter">Pass it as `after` to go on; null if this was all for now.</param>
public sealed record ObservationPage(IReadOnlyList<ObservationResponse> Items, long? NextAfter);
