using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Api.Backbones;

internal static class BackboneEndpoints
{
    public static void MapBackbones(this IEndpointRouteBuilder routes)
        => routes.MapGet("/backbones", List).WithTags("Catalogues").WithName("listBackbones").WithExample(Samples.Backbones);

    /// <summary>The backbones that a job can name</summary>
    /// <response code="200">`items` is sorted by name. `patterns` are names that cannot be listed: cells of NAS-Bench-201, and a model of your own.</response>
    private static Ok<BackboneList> List(IBackboneCatalogue catalogue, IWeightsStore weights)
        => TypedResults.Ok(new BackboneList([.. catalogue.All.Select(backbone => WithCache(backbone, weights))], catalogue.Patterns, CostBound.All));

    private static BackboneInfo WithCache(BackboneInfo backbone, IWeightsStore weights) => backbone.Imagenet is { } published
        ? backbone with { Imagenet = published with { Cached = weights.IsCached(published) } }
        : backbone;
}

/// <summary>All known backbones.</summary>
/// <param name="Items">Those that have a name of their own.</param>
/// <param name="Patterns">Those that are too many to list, or that you bring along.</param>
/// <param name="CostClasses">What `costClass` means, the cheapest first: by the multiply-adds of one forward pass of one image. At another image size S these are `multiplyAdds` × (max(S, `minimumSize`) / `nativeSize`)².</param>
public sealed record BackboneList(IReadOnlyList<BackboneInfo> Items, IReadOnlyList<BackbonePattern> Patterns, IReadOnlyList<CostBound> CostClasses);
