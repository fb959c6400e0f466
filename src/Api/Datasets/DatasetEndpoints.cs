using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Api.Datasets;

internal static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
        => routes.MapGet("/datasets", List).WithTags("Catalogues").WithName("listDatasets").WithExample(Samples.Datasets);

    /// <summary>The data sets that a job can name</summary>
    /// <remarks>
    /// The image folders and the published data sets (`cifar10`, `cifar100`, `svhn`, `fashion-mnist`) under the configured data roots, and `synthetic`.
    /// Use an item's `spec` as the `dataset` of a job.
    /// </remarks>
    /// <response code="200">With image counts by class, and what is wrong with a folder.</response>
    private static Ok<DatasetList> List(IDatasetCatalogue catalogue)
        => TypedResults.Ok(new DatasetList(catalogue.List()));
}

/// <summary>All data sets that were found.</summary>
public sealed record DatasetList(IReadOnlyList<DatasetInfo> Items);
