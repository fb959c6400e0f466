using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Webhooks;
using NeuralCapacitance.Worker.Estimates;

namespace NeuralCapacitance.Api.Jobs;

internal static class JobEndpoints
{
    private const int DefaultPageSize = 20;

    /// <summary>A client that looks often enough to be told so need not look more often.</summary>
    private const int RetryAfterUnchangedSeconds = 5;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");

        jobs.MapPost("/", SubmitAsync).WithName("submitJob")
            .WithExample(Samples.Job, StatusCodes.Status202Accepted).WithExample(Samples.Estimate, StatusCodes.Status200OK)
            .Accepts<JobRequest>("application/json", "*/*").WithMetadata(RequestExample.Quickstart)
            .ProducesProblems(ProblemTypes.InvalidJobSpec, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.IdempotencyConflict, ProblemTypes.QuotaExceeded)
            .CountsAs(context => IsDryRun(context) ? RequestClass.Expensive : RequestClass.Change).RequireRole(Role.Submit);
        jobs.MapGet("/", ListAsync).WithName("listJobs").WithExample(Samples.Jobs).ProducesProblems(ProblemTypes.InvalidParameter);
        jobs.MapGet("/example", Example).WithName("exampleSpec").WithExample(() => RequestExample.Quickstart.Body);
        jobs.MapGet("/{id:guid}", FindAsync).WithName("getJob").WithExample(Samples.Job).ProducesProblems(ProblemTypes.JobNotFound);
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).WithName("cancelJob").WithExample(Samples.Job).ProducesProblems(ProblemTypes.JobNotFound).RequireRole(Role.Submit);
        jobs.MapDelete("/{id:guid}", DeleteAsync).WithName("deleteJob").ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.JobStillActive).RequireRole(Role.Submit);
    }

    /// <summary>Submit a job</summary>
    /// <remarks>
    /// Checks everything that can be checked, stores the job with its trials and queues them, all at once or not at all.
    /// Follow the job through the links in the answer.
    /// </remarks>
    /// <param name="idempotencyKey">
    /// Makes a retry safe: the same key with the same body answers with the job that was made first; with another body, 422. Kept for 24 hours.
    /// </param>
    /// <param name="dryRun">
    /// Check the spec and measure a few training steps of every candidate on this machine, but store nothing. Takes some seconds per candidate;
    /// whatever else the machine does meanwhile makes the figures worse.
    /// </param>
    /// <response code="200">With `dryRun`: seconds per epoch, memory and the total, and what the job needs that is not on this machine yet.</response>
    /// <response code="202">Queued. `Location` is where the job is.</response>
    /// <response code="400">The body is no JSON, or the spec has faults: each is in `errors`.</response>
    /// <response code="413">The body is larger than any job spec.</response>
    /// <response code="415">The body is a form of parts.</response>
    /// <response code="422">The Idempotency-Key was used with another body.</response>
    /// <response code="429">Too many requests, or the job is more than you may have: `limit` and `setting` say how much.</response>
    private static async Task<Results<Accepted<JobResponse>, Ok<JobEstimate>, ProblemHttpResult>> SubmitAsync(
        HttpContext context,
        JobSpecReader specs,
        JobStore jobs,
        JobReader reader,
        JobEstimator estimator,
        Quotas quotas,
        ActiveNeeds needs,
        WebhookSettingsStore webhooks,
        UploadedFolders folders,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CancellationToken cancellationToken,
        bool dryRun = false)
    {
        var body = await SpecBody.ReadAsync(context.Request, cancellationToken);
        if (IdempotencyHeader.FaultIn(idempotencyKey) is { } unusable)
        {
            return ProblemResults.InvalidParameters(unusable);
        }

        // What was accepted once is accepted again, even if its data set has gone since.
        var key = idempotencyKey is null || dryRun ? null : new IdempotencyKey(idempotencyKey, body.Hash) { Owner = context.Caller().Owner };
        if (key is not null && await jobs.ReplayAsync(key, cancellationToken) is { } earlier)
        {
            return await AcceptedAsync(new CreatedJob(earlier, Replayed: true), context, reader, cancellationToken);
        }

        var read = specs.Read(body.Json);
        if (dryRun && read.Intended is { } intended)
        {
            quotas.Require(intended, context.Caller());
            using var turn = quotas.BeginDryRun(context.Caller());
            return TypedResults.Ok(await estimator.EstimateAsync(intended, cancellationToken) with { Obstacles = read.Faults, Problems = read.Problems });
        }

        if (read.Spec is not { } spec)
        {
            return ProblemTypes.InvalidJobSpec.ToResult(read.Faults, read.HasMore);
        }

        quotas.Require(spec, context.Caller());
        try
        {
            spec = spec.Notify is null && await webhooks.ReceiversAsync(context.Caller().Owner, cancellationToken) is { Count: > 0 } receivers ? spec with { Notify = receivers } : spec;
            var created = await jobs.CreateAsync(
                spec, body.Json, key, cancellationToken, read.Problems, context.Actor(), () => needs.WhyGone(spec), quotas.ActiveJobsOf(context.Caller()));
            folders.MarkUsed(spec.Dataset);
            return await AcceptedAsync(created, context, reader, cancellationToken);
        }
        catch (NeedsGoneException e)
        {
            // Somebody removed it after it was looked at; a second look says so as the first would have.
            var again = specs.Read(body.Json);
            return ProblemTypes.InvalidJobSpec.ToResult(again.Faults.Count > 0 ? again.Faults : [new("dataset", null, e.Message, "what is there now")], again.HasMore);
        }
    }

    private static bool IsDryRun(HttpContext context) => bool.TryParse(context.Request.Query["dryRun"], out var dryRun) && dryRun;

    /// <summary>202 with the job, which is where <c>Location</c> points.</summary>
    internal static async Task<Accepted<JobResponse>> AcceptedAsync(
        CreatedJob created, HttpContext context, JobReader reader, CancellationToken cancellationToken)
    {
        RequestLog.TellJob(context, created.Job.Id);
        if (created.Replayed)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
        }

        var response = await reader.DescribeAsync(created.Job, context.Request.PathBase, cancellationToken);
        return TypedResults.Accepted(response.Links.Self, response);
    }

    /// <summary>List jobs, newest first</summary>
    /// <remarks>
    /// Finalizations are left out: each job shows its own. With `Auth:Isolation=owner` only the caller's own are shown.
    /// A job is listed where all of `state`, `name` and `dataset` fit that are given; upper and lower case are the same.
    /// </remarks>
    /// <param name="state">Only jobs in this state, or in one of several: given several times, or separated by commas.</param>
    /// <param name="name" example="nightly">Only jobs with this in their label. No character stands for others.</param>
    /// <param name="dataset" example="birds">Only jobs on this data set: `dataset.name` of the spec, or the last part of `dataset.path`.</param>
    /// <param name="limit" example="20">1 … 100; 20 if absent.</param>
    /// <param name="cursor">`nextCursor` of a page before. It is a place among all jobs, and good with any filter.</param>
    /// <response code="200">One page; `nextCursor` is null on the last.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    private static async Task<Results<Ok<PageResponse<JobResponse>>, ProblemHttpResult>> ListAsync(
        HttpContext context,
        JobStore jobs,
        JobReader reader,
        IOptions<AccessOptions> access,
        CancellationToken cancellationToken,
        WordList<JobState>[]? state = null,
        string? name = null,
        string? dataset = null,
        int? limit = null,
        string? cursor = null)
    {
        if (ProblemResults.UnusableAmong(PageQuery.FaultIn(limit), TextQuery.FaultIn("name", name), TextQuery.FaultIn("dataset", dataset)) is { } refusal)
        {
            return refusal;
        }

        var filter = new JobFilter
        {
            States = WordList<JobState>.All(state), Name = TextQuery.Given(name), Dataset = TextQuery.Given(dataset), Owner = context.Caller().Only(access.Value.Isolation),
        };
        Page<Job> page;
        try
        {
            page = await jobs.ListAsync(filter, limit ?? DefaultPageSize, cursor, cancellationToken);
        }
        catch (FormatException)
        {
            return ProblemResults.InvalidParameters(PageQuery.BadCursor(cursor));
        }

        var items = await reader.DescribeAsync(page.Items, context.Request.PathBase, cancellationToken);
        return TypedResults.Ok(new PageResponse<JobResponse>(items, page.NextCursor));
    }

    /// <summary>A small job spec to start from</summary>
    /// <response code="200">A spec that can be submitted as it is: seven small backbones on generated images.</response>
    private static Ok<JsonNode> Example() => TypedResults.Ok(RequestExample.Quickstart.Body);

    /// <summary>Where a job stands</summary>
    /// <remarks>
    /// Poll with `If-None-Match` and the last `ETag`; 304 means that nothing happened. While the job runs, `Retry-After` says when to look again.
    /// </remarks>
    /// <response code="200">State, progress and estimate.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Ok<JobResponse>, StatusCodeHttpResult, ProblemHttpResult>> FindAsync(
        Guid id, HttpContext context, JobStore jobs, JobReader reader, OwnRanking rankings, CancellationToken cancellationToken)
    {
        // Most looks find nothing new: those cost one row.
        if (EntityTags.IsAsked(context) && await jobs.StampAsync(id, cancellationToken) is { } stamp && EntityTags.ClientHas(context, stamp.Version))
        {
            if (!stamp.State.IsFinal) context.Response.Headers.RetryAfter = RetryAfterUnchangedSeconds.ToString();
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await reader.FindAsync(id, context.Request.PathBase, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        if (!job.State.IsFinal)
        {
            // About ten looks over the rest of the job.
            context.Response.Headers.RetryAfter = ((int)Math.Clamp((job.EtaSeconds ?? 0) / 10, 1, 30)).ToString();
        }

        if (EntityTags.ClientHas(context, job.Version))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        try
        {
            return TypedResults.Ok(job with { Answer = await rankings.AnswerAsync(id, job.State, job.Version, cancellationToken) });
        }
        catch (PredictionsBusyException)
        {
            // Without a tag: the next look is to bring the answer.
            context.Response.Headers.Remove(HeaderNames.ETag);
            return TypedResults.Ok(job);
        }
    }

    /// <summary>Cancel a job</summary>
    /// <remarks>
    /// Queued trials are cancelled at once. Running ones stop within one training step; until they have, the job is `cancelling`.
    /// Cancelling a job that has ended changes nothing.
    /// </remarks>
    /// <response code="202">The job as it stands now.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Accepted<JobResponse>, ProblemHttpResult>> CancelAsync(
        Guid id, HttpContext context, JobStore jobs, JobReader reader, CancellationToken cancellationToken)
    {
        if (await jobs.CancelAsync(id, cancellationToken, context.Actor()) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var response = await reader.DescribeAsync(job, context.Request.PathBase, cancellationToken);
        return TypedResults.Accepted(response.Links.Self, response);
    }

    /// <summary>Delete a job that has ended, with its observations, weights and finalizations</summary>
    /// <response code="204">Gone.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="409">The job, or a finalization of it, has not ended: cancel that first.</response>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpContext context, JobStore jobs, CancellationToken cancellationToken)
        => await jobs.DeleteAsync(id, cancellationToken, context.Actor()) switch
        {
            DeleteOutcome.Deleted => TypedResults.NoContent(),
            DeleteOutcome.NotFound => ProblemResults.JobNotFound(id),
            DeleteOutcome.FinalizationActive => ProblemTypes.JobStillActive.ToResult(
                $"A finalization of job {id} has not ended: GET the job shows it as `finalization`. Cancel it, wait until it is `cancelled`, then delete the job."),
            _ => ProblemTypes.JobStillActive.ToResult($"Job {id} has not ended. Cancel it, wait until it is `cancelled`, then delete it."),
        };
}
