using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Api.Backbones;

internal static class BackboneEndpoints
{
    public static void MapBackbones(this IEndpointRouteBuilder routes)
        => routes.MapGet("/backbones", List).WithTags("Catalogues").WithName("listBackbones").WithExample(Samples.Backbones);

    /// <summary>The backbones that a job can name</summary>
    /// <response code="200">Sorted by name.</response>
    private static Ok<BackboneList> List(IBackboneCatalogue catalogue, IWeightsStore weights)
        => TypedResults.Ok(new BackboneList([.. catalogue.All.Select(backbone => WithCache(backbone, weights))]));

    private static BackboneInfo WithCache(BackboneInfo backbone, IWeightsStore weights) => backbone.Imagenet is { } published
        ? backbone with { Imagenet = published with { Cached = weights.IsCached(published) } }
        : backbone;
}

/// <summary>All known backbones.</summary>
public sealed record BackboneList(IReadOnlyList<BackboneInfo> Items);
