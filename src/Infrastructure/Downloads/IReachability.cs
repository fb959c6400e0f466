using System.Collections.Concurrent;
using System.Net;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>Whether a file could be downloaded just now.</summary>
public interface IReachability
{
    /// <summary>Null: it could.</summary>
    Task<string?> WhyUnreachableAsync(Uri url, CancellationToken cancellationToken);
}

/// <summary>Asks the server for the file's headers, and remembers the answer for a minute.</summary>
internal sealed class HttpReachability(IHttpClientFactory clients, TimeProvider clock) : IReachability
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Uri, (long AskedAt, string? Answer)> _answers = new();

    public async Task<string?> WhyUnreachableAsync(Uri url, CancellationToken cancellationToken)
    {
        if (_answers.TryGetValue(url, out var known) && clock.GetElapsedTime(known.AskedAt) < Memory) return known.Answer;
        var answer = await AskAsync(url, cancellationToken);
        _answers[url] = (clock.GetTimestamp(), answer);
        return answer;
    }

    private async Task<string?> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, url);
            using var response = await clients.CreateClient(Downloader.ClientName).SendAsync(request, both.Token);
            // A server may know no HEAD, or send us on: the download will tell.
            return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Gone || (int)response.StatusCode >= 500
                ? $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})"
                : null;
        }
        catch (HttpRequestException e)
        {
            return e.GetBaseException().Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the server did not answer within {Patience.TotalSeconds} s";
        }
    }
}
