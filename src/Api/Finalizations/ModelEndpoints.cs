using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Models;

namespace NeuralCapacitance.Api.Finalizations;

internal static class ModelEndpoints
{
    private const string Binary = "application/octet-stream";
    private const string Digest = "Repr-Digest";
    private const string PythonUtf8 = PyTorchSnippet.MediaType + "; charset=utf-8";

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs/{id:guid}/model", DownloadAsync).WithTags("Jobs").WithName("getModel").WithExample(() => "a safetensors file")
            .Produces<string>(StatusCodes.Status200OK, Binary).Produces<string>(StatusCodes.Status206PartialContent, Binary)
            .Produces(StatusCodes.Status304NotModified).Produces(StatusCodes.Status416RangeNotSatisfiable)
            .ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.NoModel, ProblemTypes.ModelFileMissing, ProblemTypes.ModelNotReady);
        routes.MapGet("/jobs/{id:guid}/model/snippet", SnippetAsync).WithTags("Jobs").WithName("getModelSnippet").WithExample(Samples.Snippet)
            .Produces<string>(StatusCodes.Status200OK, PyTorchSnippet.MediaType)
            .ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.NoModel, ProblemTypes.ModelNotReady);
        routes.MapGet("/backbones/" + PyTorchSnippet.BackbonesFile, Backbones).WithTags("Catalogues").WithName("getPyTorchBackbones")
            .WithExample(() => "from pytorch_backbones import create …").Produces<string>(StatusCodes.Status200OK, PyTorchSnippet.MediaType);
    }

    /// <summary>The finalized model: backbone and head as safetensors</summary>
    /// <remarks>
    /// Of a job with several finalizations, the newest model; by a finalization's own id, its own. `Repr-Digest` and `ETag` carry the file's SHA-256; ranges are
    /// served. The file's metadata say what the classes are called and how images are fed to it.
    /// </remarks>
    /// <response code="200">The whole file.</response>
    /// <response code="206">The range that was asked for.</response>
    /// <response code="304">The file is the one in `If-None-Match`.</response>
    /// <response code="404">There is no such job; or it has no model; or the model's file is not on this node.</response>
    /// <response code="409">The finalization has not ended.</response>
    /// <response code="416">The file has no such range.</response>
    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> DownloadAsync(
        Guid id, HttpContext context, JobStore jobs, FinalizationStore finalizations, ArtifactStore artifacts, CancellationToken cancellationToken)
    {
        var (finalization, problem) = await FindAsync(id, jobs, finalizations, cancellationToken);
        if (finalization is null)
        {
            return problem!;
        }

        var (path, digest) = (finalization.Trial.WeightsPath!, finalization.Trial.WeightsDigest!);
        if (artifacts.FindSaved(path) is not { } file)
        {
            return ProblemTypes.ModelFileMissing.ToResult($"'{path}' is not among the artifacts of this node. It has to share Storage:Root with its workers.");
        }

        if (file.Length != digest.Bytes)
        {
            return ProblemTypes.ModelFileMissing.ToResult($"'{path}' has {file.Length} bytes; the model had {digest.Bytes}. Finalize the job again.");
        }

        context.Response.Headers[Digest] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(digest.Sha256))}:";
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.PhysicalFile(
            file.FullName, Binary, ModelResponse.FileNameOf(finalization.Job), entityTag: new EntityTagHeaderValue($"\"{digest.Sha256}\""), enableRangeProcessing: true);
    }

    /// <summary>Python that loads the model with PyTorch</summary>
    /// <remarks>Reads safetensors by itself. Networks that torchvision has are taken from there, the service's own from `GET /api/v1/backbones/pytorch_backbones.py`.</remarks>
    /// <response code="200">Run it with the model's file and images as arguments, or paste it.</response>
    /// <response code="404">There is no such job, or it has no model.</response>
    /// <response code="409">The finalization has not ended.</response>
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> SnippetAsync(
        Guid id, JobStore jobs, FinalizationStore finalizations, BackboneCatalogue backbones, CancellationToken cancellationToken)
    {
        var (finalization, problem) = await FindAsync(id, jobs, finalizations, cancellationToken);
        return finalization is null ? problem! : TypedResults.Text(ModelResponse.SnippetOf(finalization.Job, backbones), PythonUtf8);
    }

    /// <summary>The service's own backbones as a module for PyTorch</summary>
    /// <response code="200">Save it beside the snippet that imports it.</response>
    private static ContentHttpResult Backbones() => TypedResults.Text(PyTorchSnippet.Backbones, PythonUtf8);

    /// <summary>The newest finalization that has a model, or the problem of there being none.</summary>
    private static async Task<(Finalization? Finalization, ProblemHttpResult? Problem)> FindAsync(
        Guid id, JobStore jobs, FinalizationStore finalizations, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is null)
        {
            return (null, ProblemResults.JobNotFound(id));
        }

        var its = (await finalizations.OfAsync([id], cancellationToken))[id].ToList();
        if (its.Find(finalization => finalization.HasModel) is { } found)
        {
            return (found, null);
        }

        return (null, its switch
        {
            [] => ProblemTypes.NoModel.ToResult($"Job {id} was never finalized. POST …/jobs/{id}/finalize trains its winner to the end."),
            [{ Job.State.IsFinal: false } running, ..] => ProblemTypes.ModelNotReady.ToResult(
                $"Finalization {running.Job.Id} has trained {running.Trial.EpochsDone} of {running.Trial.EpochsTarget} epochs. Ask again when it has succeeded."),
            [{ Job.State: JobState.Succeeded } removed, ..] => ProblemTypes.NoModel.ToResult(
                $"The model of finalization {removed.Job.Id} was removed: {removed.Trial.Notes.LastOrDefault()} Finalize the job again."),
            [var last, ..] => ProblemTypes.NoModel.ToResult(
                $"Finalization {last.Job.Id} has {(last.Job.State == JobState.Cancelled ? "been cancelled" : $"failed: {last.Trial.Failure?.Message}")} Finalize the job again."),
        });
    }
}
