using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Clients that look at a job of their own every five seconds, each on a connection that it keeps.</summary>
internal static class Pollers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Share of answers that are 304, besides how long all took.</summary>
    public sealed record Result(Quantiles Latency, double NotModified, int Failures);

    /// <param name="jobs">One of each poller.</param>
    /// <param name="conditional">Send the last ETag back, as docs/api.md advises.</param>
    public static async Task<Result> RunAsync(Uri service, IReadOnlyList<Guid> jobs, bool conditional, TimeSpan duration, CancellationToken cancellationToken)
    {
        var count = new Tally();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pollers = jobs.Select((job, i) => PollAsync(service, job, conditional, i * Interval / jobs.Count, count, over.Token)).ToList();
        // In the first round each connects, and has no ETag yet.
        await Task.Delay(Interval, cancellationToken);
        count.IsOn = true;
        await Task.Delay(duration, cancellationToken);
        count.IsOn = false;
        await over.CancelAsync();
        await Task.WhenAll(pollers);
        return new(count.Latencies.Summarize(), (double)count.NotModified / Math.Max(1, count.Latencies.Count), count.Failures);
    }

    private static async Task PollAsync(Uri service, Guid job, bool conditional, TimeSpan offset, Tally count, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = service };
        EntityTagHeaderValue? known = null;
        try
        {
            await Task.Delay(offset, cancellationToken);
            using var timer = new PeriodicTimer(Interval);
            do
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/jobs/{job}");
                if (conditional && known is not null) request.Headers.IfNoneMatch.Add(known);
                var start = Stopwatch.GetTimestamp();
                try
                {
                    using var response = await http.SendAsync(request, cancellationToken);
                    count.Add(Stopwatch.GetElapsedTime(start), response.StatusCode);
                    known = response.Headers.ETag ?? known;
                }
                catch (HttpRequestException)
                {
                    count.Add(Stopwatch.GetElapsedTime(start), HttpStatusCode.ServiceUnavailable);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It has polled enough.
        }
    }

    private sealed class Tally
    {
        private int _notModified;
        private int _failures;

        public volatile bool IsOn;

        public Latencies Latencies { get; } = new();

        public int NotModified => _notModified;

        public int Failures => _failures;

        public void Add(TimeSpan latency, HttpStatusCode status)
        {
            if (!IsOn) return;
            Latencies.Add(latency);
            if (status == HttpStatusCode.NotModified) Interlocked.Increment(ref _notModified);
            else if ((int)status >= 400) Interlocked.Increment(ref _failures);
        }
    }
}
