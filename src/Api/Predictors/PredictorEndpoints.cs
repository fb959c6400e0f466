using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Api.Predictors;

internal static class PredictorEndpoints
{
    public static void MapPredictors(this IEndpointRouteBuilder routes)
        => routes.MapGet("/predictors", List).WithTags("Catalogues").WithName("listPredictors").WithExample(Samples.Predictors);

    /// <summary>The predictors that a job or a ranking can name</summary>
    /// <response code="200">The default first.</response>
    private static Ok<PredictorList> List() => TypedResults.Ok(PredictorList.All);
}

/// <summary>All predictors.</summary>
public sealed record PredictorList(IReadOnlyList<PredictorInfo> Items)
{
    internal static PredictorList All { get; } = new([.. PredictorCatalogue.All.Select(p => new PredictorInfo(p.Name, p.Unit, p.IntervalMeaning, p.IsQuick))]);
}

/// <summary>A predictor.</summary>
/// <param name="Name" example="neural-capacitance">As in a job spec.</param>
/// <param name="Unit">`accuracy`, or `score`: a number of its own scale.</param>
/// <param name="IntervalMeaning">What its intervals count and what they leave out; of a score, what it measures.</param>
/// <param name="IsQuick">Whether it answers within a blink; others may take seconds the first time.</param>
public sealed record PredictorInfo(string Name, PredictionUnit Unit, string IntervalMeaning, bool IsQuick);
