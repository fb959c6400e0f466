using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NeuralCapacitance.Client.Json;
using Polly;
using Polly.Retry;

namespace NeuralCapacitance.Client;

/// <summary>Sends requests, again where that is safe, and turns refusals into exceptions.</summary>
internal sealed class Transport
{
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    public Transport(HttpClient http, ClientOptions options)
    {
        (_http, Options) = (http, options);
        _retries = options.Retries == 0 ? ResiliencePipeline<HttpResponseMessage>.Empty : Pipeline(options);
    }

    public ClientOptions Options { get; }

    public Uri Address => _http.BaseAddress!;

    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, Relative(path));

    public static HttpRequestMessage Post(string path, HttpContent? content = null) => new(HttpMethod.Post, Relative(path)) { Content = content };

    public static HttpRequestMessage Delete(string path) => new(HttpMethod.Delete, Relative(path));

    /// <summary>An answer's JSON.</summary>
    /// <param name="request">Makes a fresh one for each try.</param>
    public async Task<T> ReadAsync<T>(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, Options.RequestTimeout, cancellationToken);
        return await JsonOfAsync<T>(response, cancellationToken);
    }

    /// <exception cref="InvalidDataException">It is not the answer of this service.</exception>
    public static async Task<T> JsonOfAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(WireJson.Options, cancellationToken) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{response.RequestMessage?.RequestUri} did not answer as this service does: {e.Message}", e);
        }
    }

    /// <summary>The head of an answer that is no refusal; the body can still be read. The caller disposes of it.</summary>
    /// <param name="timeout">Of one try.</param>
    /// <param name="repeat">Whether another try may follow.</param>
    /// <exception cref="ServiceException">A refusal.</exception>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, TimeSpan timeout, CancellationToken cancellationToken, bool repeat = true)
    {
        var response = repeat
            ? await _retries.ExecuteAsync(async token => await TryAsync(request, timeout, token), cancellationToken)
            : await TryAsync(request, timeout, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            throw await ServiceException.OfAsync(response, RetryAfter(response), cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> TryAsync(Func<HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = make();
        if (Options.ApiKey is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var timer = new CancellationTokenSource(timeout, Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.Method} {request.RequestUri} was not answered within {timeout.TotalSeconds:0.#} s.", e);
        }
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline(ClientOptions options) => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.Time }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
            {
                { Exception: HttpRequestException or TimeoutException } => true,
                { Result: { } answer } => IsPassing(answer) && (RetryAfter(answer) ?? TimeSpan.Zero) <= options.LongestRetryDelay,
                _ => false,
            }),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer ? RetryAfter(answer) : null),
        })
        .Build();

    /// <summary>Of 429 only with <c>Retry-After</c>: without, the caller has as much as it may have, and asks for less.</summary>
    private static bool IsPassing(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => answer.Headers.RetryAfter is not null,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,
        _ => false,
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - Options.Time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Below the base address, whose prefix a path without a leading slash keeps.</summary>
    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
