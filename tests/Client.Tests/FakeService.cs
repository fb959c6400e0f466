using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NeuralCapacitance.Client.Tests;

/// <summary>Answers as a test says, request after request; the last answer stays.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Queue<RequestDelegate> _answers;

    private FakeService(WebApplication app, RequestDelegate[] answers) => (_app, _answers) = (app, new(answers));

    /// <summary>Method, path with query, headers and body of each request.</summary>
    public List<Request> Requests { get; } = [];

    public static async Task<FakeService> StartAsync(params RequestDelegate[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var service = new FakeService(builder.Build(), answers);
        service._app.Run(service.AnswerAsync);
        await service._app.StartAsync();
        return service;
    }

    public Uri Address => new(_app.Urls.First());

    public NeuralCapacitanceClient Client(ClientOptions? options = null, string prefix = "/")
    {
        return new NeuralCapacitanceClient(new Uri(Address, prefix), options ?? Hasty);
    }

    /// <summary>Retries without delay.</summary>
    public static ClientOptions Hasty { get; } = new() { RetryDelay = TimeSpan.Zero, ReconnectDelay = TimeSpan.Zero, Reconnects = 3 };

    public static RequestDelegate Json(string json, int status = StatusCodes.Status200OK) => Text(json, "application/json", status);

    public static RequestDelegate Problem(int status, string slug, string errors = "[]", string? retryAfter = null) => context =>
    {
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Text($$"""{ "type": "/problems/{{slug}}", "title": "Refused", "status": {{status}}, "detail": "This is why.", "errors": {{errors}}, "traceId": "abc" }""", "application/problem+json", status)(context);
    };

    public static RequestDelegate Text(string text, string type, int status = StatusCodes.Status200OK) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        RequestDelegate answer;
        lock (Requests)
        {
            Requests.Add(new(
                context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}",
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        }

        await answer(context);
    }
}

internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
