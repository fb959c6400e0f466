using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/events", FollowAsync).WithTags("Jobs").WithName("followJob").WithExample(Samples.Events)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound, ProblemTypes.TooManyFollowers);

    /// <summary>Follow a job live (server-sent events)</summary>
    /// <remarks>
    /// Events: `trial` (a trial's state), `observation` (one epoch; has an id), `job` (state and progress), and `end`, after which the stream closes:
    /// the job has ended and everything was told. `heartbeat`, an empty object, comes every 15 s while nothing happens, and keeps the connection alive. After a
    /// broken connection send `Last-Event-ID`, as browsers do by themselves, or `after`, and no observation is missed or repeated. Changes in quick succession come
    /// together, after at most a fifth of a second.
    /// </remarks>
    /// <param name="lastEventId">Go on after this event.</param>
    /// <param name="after">The same, for clients that cannot set headers; the header wins.</param>
    /// <response code="200">The stream.</response>
    /// <response code="400">An event id is unusable.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="503">As many follow as may, or the database does not answer; `Retry-After` says when to come back.</response>
    private static async Task<Results<EventStreamResult, ProblemHttpResult>> FollowAsync(
        Guid id,
        HttpContext context,
        JobBroadcasts broadcasts,
        FollowerSlots slots,
        IHostApplicationLifetime host,
        CancellationToken cancellationToken,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId = null,
        long after = 0)
    {
        if (lastEventId is { Length: > 0 })
        {
            if (!long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            {
                return ProblemResults.InvalidParameters(
                    new FieldError("Last-Event-ID", lastEventId, "is not an event id of this service", "the id of an `observation` event, a whole number"));
            }
        }

        if (slots.TryEnter(context) is not { } slot)
        {
            context.Response.Headers.RetryAfter = FollowerSlots.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return ProblemTypes.TooManyFollowers.ToResult(slots.Refusal);
        }

        context.Response.RegisterForDispose(slot);
        if (await broadcasts.SubscribeAsync(id, context.Request.PathBase, cancellationToken) is not { } subscription)
        {
            return ProblemResults.JobNotFound(id);
        }

        context.Response.RegisterForDispose(subscription);
        return new EventStreamResult(subscription, after, host.ApplicationStopping);
    }
}
