using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Events;

/// <summary>
/// Writes server-sent events. The framework's own result can write no comments, and a heartbeat has to be one:
/// a comment leaves the client's last event id alone and fires no handler.
/// </summary>
internal sealed class EventStreamResult(IAsyncEnumerable<JobEvent> events) : IResult
{
    private const int ReconnectMilliseconds = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stopped = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopped);
        var json = httpContext.RequestServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        // nginx would hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        try
        {
            await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"retry: {ReconnectMilliseconds}\n\n"), ended.Token);
            await foreach (var item in events.WithCancellation(ended.Token))
            {
                await response.WriteAsync(Format(item, json), ended.Token);
                await response.Body.FlushAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client went away, or the service stops: the client reconnects with its last event id.
        }
    }

    private static string Format(JobEvent item, JsonSerializerOptions json)
    {
        if (item.Data is null)
        {
            return $": {item.Type}\n\n";
        }

        var id = item.Id is { } number ? string.Create(CultureInfo.InvariantCulture, $"id: {number}\n") : "";
        // JSON escapes line breaks, so the data is always one line.
        return $"event: {item.Type}\n{id}data: {JsonSerializer.Serialize(item.Data, item.Data.GetType(), json)}\n\n";
    }
}
