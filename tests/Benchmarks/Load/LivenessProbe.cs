using System.Diagnostics;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Asks <c>/health/live</c> again and again, on a thread and a connection of its own: what the client's other tasks do does not make it wait.</summary>
internal sealed class LivenessProbe : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What is not there by then counts as so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly ManualResetEventSlim _over = new();
    private readonly Latencies _latencies = new();
    private readonly Thread _thread;

    public LivenessProbe(Uri service)
    {
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = service, Timeout = Patience };
        _thread = new(Run) { IsBackground = true, Name = "liveness", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Ends it; the request under way is waited for.</summary>
    public Quantiles Stop()
    {
        _over.Set();
        _thread.Join();
        return _latencies.Summarize();
    }

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _http.Dispose();
        _over.Dispose();
    }

    private void Run()
    {
        do
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
                using var response = _http.Send(request);
                _latencies.Add(response.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(start) : Patience);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                _latencies.Add(Patience);
            }
        }
        while (!_over.Wait(Pause));
    }
}
