using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Api.Datasets;

internal static class DatasetUploadEndpoints
{
    public static void MapDatasetUploads(this IEndpointRouteBuilder routes)
    {
        // The archive may be far larger than any other body; DatasetUploads counts it.
        routes.MapPost("/datasets", UploadAsync).WithTags("Catalogues").WithName("uploadDataset").WithExample(Samples.Upload)
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            // Any type comes through: what the body is, its first bytes tell.
            .Accepts<IFormFile>("application/zip", "multipart/form-data", "*/*")
            .ProducesProblems(
                ProblemTypes.InvalidArchive, ProblemTypes.InvalidParameter, ProblemTypes.BadRequest, ProblemTypes.DatasetExists, ProblemTypes.BodyTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.BodyTooSlow, ProblemTypes.TooManyUploads, ProblemTypes.InsufficientStorage, ProblemTypes.QuotaExceeded).RequireRole(Role.Submit).CountsAs(RequestClass.Expensive);
        routes.MapDelete("/datasets/{name}", DeleteAsync).WithTags("Catalogues").WithName("deleteDataset")
            .ProducesProblems(ProblemTypes.DatasetNotFound, ProblemTypes.DatasetInUse, ProblemTypes.DatasetNotUploaded).RequireRole(Role.Submit);
    }

    /// <summary>Upload a data set</summary>
    /// <remarks>
    /// A zip file of images, one folder per class, at the top or in folders `train` and `test` (or `valid`), as the body itself, whatever its media type, or as the
    /// one file of a form. Other files are left out, and named in `problems`. Use `spec` of the answer as the `dataset` of a job.
    /// An upload can be repeated safely: the same archive under the same name is answered with what it made. Two are unpacked at a time;
    /// others wait. One that comes more slowly than `Uploads:MinBytesPerSecond` is ended, and leaves nothing.
    /// </remarks>
    /// <param name="name" example="birds">a–z, 0–9, `-`, `_` and `.`; at most 64 characters, the first a letter or digit.</param>
    /// <response code="200">This archive was uploaded under this name before.</response>
    /// <response code="201">The data set can be used. `Location` describes it.</response>
    /// <response code="400">The name is no name, the form has no file, or the archive is refused: each reason is in `errors`.</response>
    /// <response code="408">The archive comes too slowly.</response>
    /// <response code="409">Another data set has the name.</response>
    /// <response code="413">The archive is larger than `Uploads:MaxBytes`.</response>
    /// <response code="415">The body is of another media type, and no zip file either.</response>
    /// <response code="429">Too many requests, or your data sets are as large as they may be: `limit` and `setting` say how much.</response>
    /// <response code="503">As many uploads are under way as may, or the database does not answer; `Retry-After` says when to come back.</response>
    /// <response code="507">The disk is full, or would be.</response>
    private static async Task<Results<Created<UploadResponse>, Ok<UploadResponse>, ProblemHttpResult>> UploadAsync(
        string? name, HttpContext context, DatasetUploads uploads, UploadSlots slots, IDatasetCatalogue catalogue, KnownDatasets known, Quotas quotas, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (name is null || !DatasetUploads.IsName(name))
        {
            return ProblemResults.InvalidParameters(
                new FieldError("name", name, name is null ? "is missing" : "is no name for a data set", DatasetUploads.AcceptedName));
        }

        if (context.Request.ContentLength > uploads.MaxBytes)
        {
            throw new UploadTooLargeException(uploads.MaxBytes);
        }

        quotas.RequireUpload(name, context.Request.ContentLength, context.Caller());
        if (slots.TryEnter(context) is not { } slot)
        {
            context.Response.Headers.RetryAfter = UploadSlots.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return ProblemTypes.TooManyUploads.ToResult(slots.Refusal);
        }

        using var held = slot;
        context.Request.Body = uploads.Pace(context.Request.BodyReader);
        var archive = await ArchiveBody.OpenAsync(context.Request, cancellationToken);
        var (dataset, isCreated) = await uploads.AddAsync(name, archive, context.Request.ContentLength, cancellationToken, context.Caller());
        known.Forget();
        if (isCreated) await audit.NoteAsync(context.Actor(), AuditAction.Uploaded, AuditSubject.Dataset(name), CancellationToken.None);
        var response = UploadResponse.Of(dataset, catalogue);
        return isCreated
            ? TypedResults.Created($"{context.Request.PathBase}{ApiRoutes.Prefix}/datasets/{name}", response)
            : TypedResults.Ok(response);
    }

    /// <summary>Delete an uploaded data set</summary>
    /// <remarks>Jobs that have ended keep their results; they cannot be run again.</remarks>
    /// <param name="name" example="birds">As it was uploaded.</param>
    /// <response code="204">It is gone.</response>
    /// <response code="404">There is none of this name.</response>
    /// <response code="409">A job that has not ended uses it, or it was not uploaded.</response>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string name, HttpContext context, DatasetUploads uploads, UploadedFolders folders, DatasetAccess access, KnownDatasets known, DatasetNames names, UploadRemoval removal, AuditTrail audit, CancellationToken cancellationToken)
    {
        name = DatasetEndpoints.Decode(name);
        var shown = names.Find(name);
        // One that has become unusable is in no list, and can be deleted all the same.
        if ((shown is null ? uploads.Find(name) : folders.Find(shown.Info.Spec)) is not { } upload)
        {
            return shown is null
                ? DatasetEndpoints.NotFound(name)
                : ProblemTypes.DatasetNotUploaded.ToResult($"'{name}' was not uploaded, so it cannot be deleted here.");
        }

        if (!access.Sees(upload, context.Caller()))
        {
            return DatasetEndpoints.NotFound(name);
        }

        if (!context.Caller().MayChange(upload.Owner))
        {
            return ProblemTypes.NotPermitted.ToResult($"'{name}' belongs to `{upload.Owner}`. To delete what belongs to others takes `operate`.");
        }

        var outcome = await removal.RemoveAsync(upload, cancellationToken);
        known.Forget();
        if (outcome.Users.Count > 0)
        {
            return ProblemTypes.DatasetInUse.ToResult($"'{name}' is used by {string.Join(", ", outcome.Users.Select(id => $"job {id}"))}.");
        }

        if (!outcome.IsRemoved)
        {
            return DatasetEndpoints.NotFound(name);
        }

        await audit.NoteAsync(context.Actor(), AuditAction.Deleted, AuditSubject.Dataset(upload.Name), CancellationToken.None);
        return TypedResults.NoContent();
    }
}
