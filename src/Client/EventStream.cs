using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>A job's server-sent events over as many connections as it takes.</summary>
internal sealed class EventStream(Transport transport, string path)
{
    private string? _lastEventId;
    private TimeSpan _delay = transport.Options.ReconnectDelay;

    /// <exception cref="ServiceException">There is no such job (any more), or the caller may not see it.</exception>
    /// <exception cref="IOException">The service stays away.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var failures = 0; failures <= transport.Options.Reconnects; failures++)
        {
            // Cancelling it ends a connection that has fallen silent, and that only.
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var response = await ConnectAsync(silence.Token, cancellationToken);
            if (response is not null)
            {
                await using var items = ItemsAsync(response, silence.Token).GetAsyncEnumerator(silence.Token);
                while (await NextAsync(items, silence, cancellationToken) is { } item)
                {
                    failures = 0;
                    _lastEventId = item.EventId ?? _lastEventId;
                    _delay = item.ReconnectionInterval ?? _delay;
                    if (Read(item) is not { } told) continue;
                    yield return told;
                    if (told is JobEnded) yield break;
                }
            }

            await Task.Delay(_delay, transport.Options.Time, cancellationToken);
        }

        throw new IOException($"The events of {new Uri(transport.Address, path)} broke off and could not be taken up again in {transport.Options.Reconnects} tries. The job is not affected.");
    }

    private static async IAsyncEnumerable<SseItem<string>> ItemsAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken)) yield return item;
    }

    /// <returns>Null: an event of a later version, or a heartbeat.</returns>
    private static JobEvent? Read(SseItem<string> item) => item.EventType switch
    {
        "trial" => new TrialChanged(Parse<Trial>(item.Data)),
        "observation" => new EpochObserved(Parse<Observation>(item.Data)),
        "job" => new JobChanged(Parse<Job>(item.Data)),
        "end" => new JobEnded(Parse<Job>(item.Data)),
        _ => null,
    };

    private static T Parse<T>(string data) => JsonSerializer.Deserialize<T>(data, WireJson.Options)!;

    /// <returns>Null: not now.</returns>
    private async Task<HttpResponseMessage?> ConnectAsync(CancellationToken connection, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(Request, transport.Options.RequestTimeout, connection, repeat: false);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException || e is ServiceException { Status: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests })
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <returns>Null: the connection has ended, or is taken for dead.</returns>
    private async Task<SseItem<string>?> NextAsync(IAsyncEnumerator<SseItem<string>> items, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        await using var timer = transport.Options.Time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), silence, transport.Options.StreamSilence, Timeout.InfiniteTimeSpan);
        try
        {
            return await items.MoveNextAsync() ? items.Current : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private HttpRequestMessage Request()
    {
        var request = Transport.Get(path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (_lastEventId is not null) request.Headers.Add("Last-Event-ID", _lastEventId);
        return request;
    }
}
