using System.Net;
using System.Text.Json;
using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>The service has refused a request, and said why (problem+json, RFC 9457). <see cref="Type"/> never changes: branch on it.</summary>
public sealed class ServiceException(HttpStatusCode status, string type, string title, string detail, IReadOnlyList<Fault> errors) : Exception($"{title}: {detail}")
{
    public HttpStatusCode Status => status;

    /// <summary>What kind of refusal, as <c>/problems/invalid-job-spec</c>; <c>about:blank</c> where something between here and the service has answered.</summary>
    public string Type => type;

    /// <summary>The same for every refusal of its type.</summary>
    public string Title => title;

    /// <summary>What was wrong this time.</summary>
    public string Detail => detail;

    /// <summary>Each fault with its place and what would be accepted; often none.</summary>
    public IReadOnlyList<Fault> Errors => errors;

    /// <summary>By which the service's log has the request.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it may be worth another try; null: the service has not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it is of this type: <c>job-not-found</c>.</summary>
    /// <param name="slug">Last part of <see cref="Type"/>.</param>
    public bool Is(string slug) => Type.EndsWith($"/{slug}", StringComparison.Ordinal);

    internal static async Task<ServiceException> OfAsync(HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Body? body = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                body = JsonSerializer.Deserialize<Body>(text, WireJson.Options);
            }
            catch (JsonException)
            {
                // A proxy's, or cut off: told as it is below.
            }
        }

        body ??= NoProblem(response, text);
        return new(response.StatusCode, body.Type, body.Title, body.Detail, body.Errors ?? []) { TraceId = body.TraceId, RetryAfter = retryAfter };
    }

    private static Body NoProblem(HttpResponseMessage response, string text)
    {
        const int shown = 200;
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new Body
        {
            Title = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd(),
            Detail = $"{response.RequestMessage?.RequestUri} did not answer as this service does. {(line.Length > shown ? $"{line[..shown]}…" : line)}".TrimEnd(),
        };
    }

    private sealed record Body
    {
        public string Type { get; init; } = "about:blank";

        public string Title { get; init; } = "The request was refused";

        public string Detail { get; init; } = "";

        public IReadOnlyList<Fault>? Errors { get; init; }

        public string? TraceId { get; init; }
    }
}
