using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/events", FollowAsync).WithTags("Jobs").WithName("followJob").WithExample(Samples.Events)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound);

    /// <summary>Follow a job live (server-sent events)</summary>
    /// <remarks>
    /// Events: `trial` (a trial's state), `observation` (one epoch; has an id), `job` (state and progress), and `end`, after which the stream closes:
    /// the job has ended and everything was told. `heartbeat`, an empty object, comes every 15 s while nothing happens, and keeps the connection alive. After a
    /// broken connection send `Last-Event-ID`, as browsers do by themselves, or `after`, and nothing is missed or repeated.
    /// </remarks>
    /// <param name="lastEventId">Go on after this event.</param>
    /// <param name="after">The same, for clients that cannot set headers; the header wins.</param>
    /// <response code="200">The stream.</response>
    /// <response code="400">An event id is unusable.</response>
    /// <response code="404">There is no such job.</response>
    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> FollowAsync(
        Guid id,
        HttpContext context,
        JobStore jobs,
        JobEventStream stream,
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

        if (await jobs.FindAsync(id, cancellationToken) is null)
        {
            return ProblemResults.JobNotFound(id);
        }

        // nginx would hold events back until its buffer is full.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(stream.ReadAsync(id, context.Request.PathBase, after, host.ApplicationStopping));
    }
}
