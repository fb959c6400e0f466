using Microsoft.AspNetCore.Http.Features;

namespace NeuralCapacitance.Api.Events;

/// <summary>Sends events that are text already, each piece at once.</summary>
/// <param name="after">Observations up to this id are known to the client.</param>
/// <param name="stopping">Ends the stream: the client comes back with what it knows.</param>
internal sealed class EventStreamResult(JobSubscription subscription, long after, CancellationToken stopping) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers.ContentEncoding = "identity";
        // nginx would hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await foreach (var text in subscription.ReadAsync(after, over.Token))
            {
                await response.BodyWriter.WriteAsync(text, over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Nobody listens any more, or the service stops.
        }
    }
}
