using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Api.Datasets;

internal static class DatasetEndpoints
{
    private const int RetryAfterSeconds = 5;
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 500;

    /// <summary>Long enough for small data sets; of large ones the answer comes without what takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/datasets").WithTags("Catalogues");
        datasets.MapGet("/", ListAsync).WithName("listDatasets").WithExample(Samples.Datasets).ProducesProblems(ProblemTypes.InvalidParameter);
        datasets.MapGet("/{name}", DescribeAsync).WithName("getDataset").WithExample(Samples.Dataset).ProducesProblems(ProblemTypes.DatasetNotFound).CountsAs(RequestClass.Expensive);
        datasets.MapGet("/{name}/contact-sheet", DrawAsync).WithName("getContactSheet").WithExample(() => "a PNG file")
            .Produces<string>(StatusCodes.Status200OK, "image/png").ProducesProblems(ProblemTypes.DatasetNotFound, ProblemTypes.DatasetUnusable).CountsAs(RequestClass.Expensive);
    }

    /// <summary>A slash in a name is sent as %2F, which the server leaves as it is.</summary>
    internal static string Decode(string name) => name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    internal static ProblemHttpResult NotFound(string name)
        => ProblemTypes.DatasetNotFound.ToResult($"There is no data set '{name}'. GET {ApiRoutes.Prefix}/datasets lists those that exist.");

    /// <summary>The data sets that a job can name</summary>
    /// <remarks>
    /// The image folders and the published data sets (`cifar10`, `cifar100`, `svhn`, `fashion-mnist`) under the configured data roots, the uploaded ones, and
    /// `synthetic`, by name. Use an item's `spec` as the `dataset` of a job. Folders are looked at in the background: what was put into a data root, or taken
    /// away, shows within `Datasets:ListAge`, what was uploaded at once.
    /// </remarks>
    /// <param name="limit" example="100">1 … 500; 100 if absent.</param>
    /// <param name="cursor">`nextCursor` of the page before.</param>
    /// <response code="200">With image counts by class, and what is wrong with a folder; `nextCursor` is null on the last page.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    private static async Task<Results<Ok<PageResponse<DatasetSummary>>, ProblemHttpResult>> ListAsync(
        HttpContext context, KnownDatasets known, DatasetAccess access, CancellationToken cancellationToken, int? limit = null, string? cursor = null)
    {
        if (limit is < 1 or > MaxPageSize)
        {
            return ProblemResults.InvalidParameters(new FieldError("limit", limit, "is out of range", $"a whole number from 1 to {MaxPageSize}"));
        }

        try
        {
            return TypedResults.Ok(DatasetPages.Of(
                (await known.ListAsync(cancellationToken)).Where(dataset => dataset.Upload is not { } upload || access.Sees(upload, context.Caller())).Select(dataset => dataset.Summary),
                limit ?? DefaultPageSize,
                cursor));
        }
        catch (FormatException)
        {
            return ProblemResults.InvalidParameters(new FieldError("cursor", cursor, "is not a cursor of this listing", "`nextCursor` of an earlier page, unchanged"));
        }
    }

    /// <summary>All about a data set</summary>
    /// <remarks>
    /// `inspection` holds what reading and decoding every image shows. That is done once for each content; while it is under way and takes more than ten
    /// seconds, `inspection` is null and `Retry-After` says when to ask again.
    /// </remarks>
    /// <param name="name" example="synthetic">As in the list; a slash in it is sent as `%2F`.</param>
    /// <response code="200">With an `ETag` as soon as the inspection is there.</response>
    /// <response code="304">Nothing has changed since the `ETag` in `If-None-Match`.</response>
    /// <response code="404">There is none of this name.</response>
    private static async Task<Results<Ok<DatasetDetails>, StatusCodeHttpResult, ProblemHttpResult>> DescribeAsync(
        string name, HttpContext context, DatasetNames names, UploadedFolders uploads, DatasetAccess access, DatasetInspector inspector, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        if (names.Find(Decode(name)) is not { } dataset || !access.IsShown(dataset.Info.Spec, context.Caller()))
        {
            return NotFound(Decode(name));
        }

        var summary = DatasetSummary.Of(dataset, uploads);
        try
        {
            var inspection = await inspector.InspectAsync(dataset.Info.Spec).WaitAsync(Patience, cancellationToken);
            var details = DatasetDetails.Of(summary, inspection);
            // All of the answer: more can change than the images are, a note about other files for one.
            var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(details, json.Value.SerializerOptions)));
            return EntityTags.ClientHas(context, hash) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(details);
        }
        catch (TimeoutException)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString();
            return TypedResults.Ok(DatasetDetails.Of(summary, inspection: null));
        }
        catch (DatasetException e)
        {
            return TypedResults.Ok(DatasetDetails.Of(summary with { Problems = [.. summary.Problems.Union([e.Message])] }, inspection: null));
        }
    }

    /// <summary>A picture of a data set</summary>
    /// <remarks>A PNG file with a row for each class, in the order of `classes` (the first hundred), of eight training images each, scaled to 64×64. A file that cannot be decoded is a red cross.</remarks>
    /// <param name="name" example="synthetic">As in the list; a slash in it is sent as `%2F`.</param>
    /// <response code="200">PNG.</response>
    /// <response code="404">There is none of this name.</response>
    /// <response code="409">Its files cannot be read.</response>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> DrawAsync(
        string name, HttpContext context, DatasetNames names, DatasetAccess access, DatasetInspector inspector, CancellationToken cancellationToken)
    {
        if (names.Find(Decode(name)) is not { } dataset || !access.IsShown(dataset.Info.Spec, context.Caller()))
        {
            return NotFound(Decode(name));
        }

        var png = await Task.Run(() => inspector.ContactSheetOf(dataset.Info.Spec, cancellationToken), cancellationToken);
        var hash = Convert.ToHexStringLower(SHA256.HashData(png));
        // The framework answers 304 to whom has it.
        return TypedResults.File(png, "image/png", entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{hash}\""));
    }
}
