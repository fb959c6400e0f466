using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Api.Finalizations;

internal static class FinalizationEndpoints
{
    public static void MapFinalizations(this IEndpointRouteBuilder routes)
        => routes.MapPost("/jobs/{id:guid}/finalize", FinalizeAsync).WithTags("Jobs").WithName("finalizeJob").WithExample(Samples.FinalizationJob)
            .Accepts<FinalizeRequest>(isOptional: true, "application/json", "*/*").WithMetadata(RequestExample.Finalize)
            .ProducesProblems(
                ProblemTypes.InvalidFinalization, ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound, ProblemTypes.JobNotFinished, ProblemTypes.JobCancelled,
                ProblemTypes.NotASelection, ProblemTypes.NobodyRanked, ProblemTypes.CandidateFailed, ProblemTypes.FinalizationActive, ProblemTypes.BodyTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.IdempotencyConflict, ProblemTypes.QuotaExceeded, ProblemTypes.PredictionsBusy).RequireRole(Role.Submit).CountsAs(RequestClass.Expensive);

    /// <summary>Train the winner, or a named candidate, to the end</summary>
    /// <remarks>
    /// Makes a job of one trial that fine-tunes the candidate over all epochs and keeps the model, under a head that learns (`linear`, `trainable-probe`) or
    /// under the frozen probe (`probe`). Follow it as any job; it is in no listing, but the job shows it as `finalization`. The same beforehand: `selection.finalize`
    /// of the job spec.
    /// </remarks>
    /// <param name="idempotencyKey">Makes a retry safe, as in `POST /api/v1/jobs`.</param>
    /// <response code="202">Queued. `Location` is where the finalization is.</response>
    /// <response code="400">The body has faults, a candidate that the job has not among them: each is in `errors`.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="409">The job has not ended, or was cancelled, or has no candidate to train; or a finalization of it is at work already.</response>
    /// <response code="413">The body is larger than any request.</response>
    /// <response code="415">The body is a form of parts.</response>
    /// <response code="429">Too many requests, or as many of your jobs as may be are active: `limit` and `setting` say how many.</response>
    /// <response code="422">The Idempotency-Key was used with another request.</response>
    private static async Task<Results<Accepted<JobResponse>, ProblemHttpResult>> FinalizeAsync(
        Guid id,
        HttpContext context,
        JobStore jobs,
        Quotas quotas,
        FinalizationStore finalizations,
        IDatasetCatalogue datasets,
        JobReader reader,
        ActiveNeeds needs,
        UploadedFolders folders,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        var body = await SpecBody.ReadOptionalAsync(context.Request, cancellationToken);
        if (IdempotencyHeader.FaultIn(idempotencyKey) is { } fault)
        {
            return ProblemResults.InvalidParameters(fault);
        }

        var key = idempotencyKey is null ? null : new IdempotencyKey(idempotencyKey, $"finalize:{id}:{body.Hash}") { Owner = context.Caller().Owner };
        if (key is not null && await jobs.ReplayAsync(key, cancellationToken) is { } earlier)
        {
            return await JobEndpoints.AcceptedAsync(new CreatedJob(earlier, Replayed: true), context, reader, cancellationToken);
        }

        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var read = FinalizeReader.Read(body.Json, job.Spec, datasets);
        if (read.Order is not { } order)
        {
            return ProblemTypes.InvalidFinalization.ToResult(read.Faults, read.HasMore);
        }

        try
        {
            var outcome = await finalizations.CreateAsync(id, order, body.Json, key, cancellationToken, context.Actor(), needs.WhyGone, quotas.ActiveJobsOf(context.Caller()));
            if (outcome.Job is not { } made)
            {
                return Problem(outcome, context.Request.PathBase);
            }

            folders.MarkUsed(made.Spec.Dataset);
            return await JobEndpoints.AcceptedAsync(new CreatedJob(made, outcome.Replayed), context, reader, cancellationToken);
        }
        catch (NeedsGoneException e)
        {
            // Somebody removed it after it was looked at.
            return ProblemTypes.InvalidFinalization.ToResult([new("$", null, e.Message, "a job whose data set and weights are still there")], hasMore: false);
        }
    }

    private static ProblemHttpResult Problem(FinalizeOutcome outcome, PathString pathBase)
    {
        var details = TypeOf(outcome.Refusal!.Value).ToDetails(outcome.Reason);
        if (outcome.Active is { } active)
        {
            details.Extensions["finalization"] = $"{pathBase}{ApiRoutes.Prefix}/jobs/{active}";
        }

        return TypedResults.Problem(details);
    }

    private static ProblemType TypeOf(FinalizeRefusal refusal) => refusal switch
    {
        FinalizeRefusal.JobNotFound => ProblemTypes.JobNotFound,
        FinalizeRefusal.NoSelection => ProblemTypes.NotASelection,
        FinalizeRefusal.JobNotFinished => ProblemTypes.JobNotFinished,
        FinalizeRefusal.JobCancelled => ProblemTypes.JobCancelled,
        FinalizeRefusal.CandidateFailed => ProblemTypes.CandidateFailed,
        FinalizeRefusal.NobodyRanked => ProblemTypes.NobodyRanked,
        FinalizeRefusal.FinalizationActive => ProblemTypes.FinalizationActive,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "no refusal"),
    };
}
