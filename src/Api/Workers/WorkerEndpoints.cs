using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Api.Workers;

internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("/workers").WithTags("Operations");
        workers.MapGet("/", ListAsync).WithName("listWorkers").WithExample(Samples.Workers);
        workers.MapPost("/{id}/drain", DrainAsync).WithName("drainWorker").WithExample(Samples.DrainingWorker).ProducesProblems(ProblemTypes.WorkerNotFound).RequireRole(Role.Operate);
        workers.MapDelete("/{id}/drain", ResumeAsync).WithName("resumeWorker").WithExample(Samples.Worker).ProducesProblems(ProblemTypes.WorkerNotFound).RequireRole(Role.Operate);
    }

    /// <summary>The workers, and what they do</summary>
    /// <remarks>A worker that stops in good order leaves the list at once; one that was lost, an hour later. One that drains stays for a week after it stopped.</remarks>
    /// <response code="200">By id.</response>
    private static async Task<Ok<WorkerList>> ListAsync(HttpContext context, WorkerStore workers, IOptions<AccessOptions> access, CancellationToken cancellationToken)
        => TypedResults.Ok(new WorkerList([.. (await workers.ListAsync(cancellationToken))
            .Select(worker => WorkerResponse.Of(worker, owner => context.Caller().Sees(owner, access.Value.Isolation)))]));

    /// <summary>Give a worker no more trials</summary>
    /// <remarks>
    /// It finishes the trials that it runs (of a race: up to the end of the round), then `trials` is empty and it can be stopped. To have them handed back at once, stop
    /// it. It stays so until this is undone with `DELETE`, over restarts too: a worker that starts again on the same machine and device is the same worker.
    /// </remarks>
    /// <param name="id" example="gpu-box-cuda-0">As in the list.</param>
    /// <response code="200">From now on. The same again changes nothing.</response>
    /// <response code="404">There is no such worker.</response>
    private static Task<Results<Ok<WorkerResponse>, ProblemHttpResult>> DrainAsync(string id, HttpContext context, WorkerStore workers, CancellationToken cancellationToken)
        => SetAsync(id, draining: true, context, workers, cancellationToken);

    /// <summary>Let a worker take trials again</summary>
    /// <param name="id" example="gpu-box-cuda-0">As in the list.</param>
    /// <response code="200">From now on. The same again changes nothing.</response>
    /// <response code="404">There is no such worker.</response>
    private static Task<Results<Ok<WorkerResponse>, ProblemHttpResult>> ResumeAsync(string id, HttpContext context, WorkerStore workers, CancellationToken cancellationToken)
        => SetAsync(id, draining: false, context, workers, cancellationToken);

    private static async Task<Results<Ok<WorkerResponse>, ProblemHttpResult>> SetAsync(string id, bool draining, HttpContext context, WorkerStore workers, CancellationToken cancellationToken)
        => await workers.DrainAsync(id, draining, cancellationToken, context.Actor()) is { } worker
            // Who may drain sees everything.
            ? TypedResults.Ok(WorkerResponse.Of(worker, _ => true))
            : ProblemTypes.WorkerNotFound.ToResult($"There is no worker '{id}'. GET {ApiRoutes.Prefix}/workers lists those that there are.");
}

/// <summary>All workers.</summary>
public sealed record WorkerList(IReadOnlyList<WorkerResponse> Items);
