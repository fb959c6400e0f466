using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Api.Webhooks;

internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/jobs/{id:guid}/deliveries").WithTags("Webhooks");
        deliveries.MapGet("/", ListAsync).WithName("listDeliveries").WithExample(Samples.Deliveries).ProducesProblems(ProblemTypes.JobNotFound);
        deliveries.MapPost("/{delivery:guid}/redeliver", RedeliverAsync).WithName("redeliver").WithExample(Samples.Delivery)
            .ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.DeliveryNotFound).RequireRole(Role.Submit);
    }

    /// <summary>Who was told what of a job, and what came of it</summary>
    /// <remarks>One delivery for each event and receiver, in the order of the events. Those of a finalization are listed under its own id.</remarks>
    /// <response code="200">`pending` ones have their next attempt, `failed` ones were given up after a day.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<Ok<DeliveryList>, ProblemHttpResult>> ListAsync(Guid id, JobStore jobs, WebhookStore store, CancellationToken cancellationToken)
        => await jobs.FindAsync(id, cancellationToken) is null
            ? ProblemResults.JobNotFound(id)
            : TypedResults.Ok(new DeliveryList([.. (await store.ListAsync(id, cancellationToken)).Select(DeliveryResponse.Of)]));

    /// <summary>Send a delivery again</summary>
    /// <remarks>Whatever came of it: at once, and if that fails with the pauses of a new one. It keeps its `webhook-id` and its body, so that a receiver can tell that it knows it.</remarks>
    /// <param name="delivery">`id` of the delivery.</param>
    /// <response code="202">It is due now.</response>
    /// <response code="404">There is no such job, or it has no such delivery.</response>
    private static async Task<Results<Accepted<DeliveryResponse>, ProblemHttpResult>> RedeliverAsync(
        Guid id, Guid delivery, HttpContext context, JobStore jobs, WebhookStore store, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is null)
        {
            return ProblemResults.JobNotFound(id);
        }

        return await store.RedeliverAsync(id, delivery, context.Actor(), cancellationToken) is { } due
            ? TypedResults.Accepted($"{context.Request.PathBase}{ApiRoutes.Prefix}/jobs/{id}/deliveries", DeliveryResponse.Of(due))
            : ProblemTypes.DeliveryNotFound.ToResult($"Job {id} has no delivery {delivery}. GET …/jobs/{id}/deliveries lists those that it has.");
    }
}

/// <summary>All deliveries of a job.</summary>
public sealed record DeliveryList(IReadOnlyList<DeliveryResponse> Items);

/// <summary>What one receiver is told of one event.</summary>
public sealed record DeliveryResponse
{
    public required Guid Id { get; init; }

    /// <summary>The header `webhook-id` of every attempt.</summary>
    public required string WebhookId { get; init; }

    /// <example>job.succeeded</example>
    public required string Event { get; init; }

    public required string Url { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>Made so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Null: there will be none.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>HTTP status of the last answer; null: there was none.</summary>
    public required int? LastStatus { get; init; }

    /// <summary>Why the last attempt failed, or the begin of what the receiver said; null: it did not fail.</summary>
    public required string? LastError { get; init; }

    /// <summary>When the event was.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    internal static DeliveryResponse Of(WebhookDelivery delivery) => new()
    {
        Id = delivery.Id,
        WebhookId = delivery.WebhookId,
        Event = delivery.Event,
        Url = delivery.Url,
        State = delivery.State,
        Attempts = delivery.Attempts,
        NextAttemptAt = delivery.NextAttemptAt,
        LastAttemptAt = delivery.LastAttemptAt,
        LastStatus = delivery.LastStatus,
        LastError = delivery.LastError,
        CreatedAt = delivery.CreatedAt,
        EndedAt = delivery.EndedAt,
    };
}
