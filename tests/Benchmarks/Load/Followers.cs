using System.Net.ServerSentEvents;
using System.Text.Json;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Clients that follow a job's events. Most only count what comes; some read it, and tell how long after its epoch an observation arrives.</summary>
internal sealed class Followers : IAsyncDisposable
{
    private const int Readers = 20;

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _over = new();
    private readonly Latencies _delays = new();
    private readonly List<Task> _followers;
    private int _connected;
    private int _refused;
    private long _bytes;

    /// <param name="jobs">Followed in turn.</param>
    public Followers(Uri service, IReadOnlyList<Guid> jobs, int count)
    {
        _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = service, Timeout = Timeout.InfiniteTimeSpan };
        _followers = [.. Enumerable.Range(0, count).Select(i => FollowAsync(jobs[i % jobs.Count], reads: i < Readers))];
    }

    /// <summary>Those whose stream has begun.</summary>
    public int Connected => Volatile.Read(ref _connected);

    /// <summary>Those that got another answer, or none.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>From the worker's clock at the end of an epoch to here.</summary>
    public Latencies Delays => _delays;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_followers);
        _http.Dispose();
        _over.Dispose();
    }

    private async Task FollowAsync(Guid job, bool reads)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/jobs/{job}/events");
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _over.Token);
            if (!response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _refused);
                return;
            }
            await using var stream = await response.Content.ReadAsStreamAsync(_over.Token);
            if (reads) await ReadAsync(stream);
            else await CountAsync(stream);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Interlocked.Increment(ref _refused);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // It has followed long enough.
        }
    }

    private async Task CountAsync(Stream stream)
    {
        var buffer = new byte[4_096];
        var isFirst = true;
        for (int read; (read = await stream.ReadAsync(buffer, _over.Token)) > 0; isFirst = false)
        {
            if (isFirst) Interlocked.Increment(ref _connected);
            Interlocked.Add(ref _bytes, read);
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        var (isFirst, since) = (true, TimeProvider.System.GetUtcNow());
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(_over.Token))
        {
            if (isFirst) Interlocked.Increment(ref _connected);
            isFirst = false;
            Interlocked.Add(ref _bytes, item.Data.Length);
            if (item.EventType != "observation") continue;
            using var observation = JsonDocument.Parse(item.Data);
            var recorded = observation.RootElement.GetProperty("recordedAt").GetDateTimeOffset();
            // What was there before is repeated first.
            if (recorded > since) _delays.Add(TimeProvider.System.GetUtcNow() - recorded);
        }
    }
}
