using Microsoft.Net.Http.Headers;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>What a pipeline answers, in memory: made when it suits the service, and given to whoever asks.</summary>
internal sealed record CapturedResponse(string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <exception cref="InvalidOperationException">The answer is no 200 with a body.</exception>
    public static async Task<CapturedResponse> OfAsync(RequestDelegate pipeline, IServiceProvider services, PathString path, string accept)
    {
        await using var scope = services.CreateAsyncScope();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = path;
        context.Request.Headers[HeaderNames.Accept] = accept;
        context.Response.Body = body;
        await pipeline(context);
        return context.Response is { StatusCode: StatusCodes.Status200OK, ContentType: { } type }
            ? new CapturedResponse(type, body.ToArray())
            : throw new InvalidOperationException($"{path} was answered {context.Response.StatusCode} inside the service.");
    }
}
