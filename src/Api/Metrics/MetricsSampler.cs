using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>
/// Takes down what <c>/metrics</c> tells, every <see cref="TelemetryOptions.SampleInterval"/>. A scrape is given the last sample as it is: it reads no table, asks no
/// instrument, and waits for nobody, however many come. (The exporter itself lets one scrape in at a time, and others spin until the slowest client has read.)
/// </summary>
internal sealed partial class MetricsSampler : BackgroundService
{
    /// <summary>A database that does not answer is not waited for: the process's own figures matter then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WorkloadMeter _workload;
    private readonly WorkersMeter _workers;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ILogger<MetricsSampler> _logger;
    private readonly IServiceProvider _services;
    private readonly Lazy<RequestDelegate> _exporter;
    private volatile Samples? _last;
    private Task _reading = Task.CompletedTask;

    public MetricsSampler(WorkloadMeter workload, WorkersMeter workers, IServiceProvider services, IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<MetricsSampler> logger)
    {
        (_workload, _workers, _services, _clock, _logger) = (workload, workers, services, clock, logger);
        _interval = options.Value.SampleInterval;
        _exporter = new(() => new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build());
    }

    /// <summary>The first sample is there before the first request is.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _last = await TakeDownAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes everything down now.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        if (_reading.IsCompleted) _reading = Task.WhenAll(_workload.RefreshAsync(cancellationToken), _workers.RefreshAsync(cancellationToken));
        await Task.WhenAny(_reading, Task.Delay(Patience, _clock, cancellationToken));
        _last = await TakeDownAsync();
    }

    /// <summary>The last sample.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var last = _last ?? throw new InvalidOperationException("A scrape came before the sampler was started.");
        var sample = MetricsSample.IsOpenMetricsAsked(context.Request) ? last.OpenMetrics : last.Text;
        return sample.WriteAsync(context.Response, _clock, context.RequestAborted);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _clock);
        do
        {
            try
            {
                await SampleAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The last sample goes on growing old, which its age tells.
                LogNotTaken(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Samples> TakeDownAsync() => new(await TakeDownAsync("text/plain"), await TakeDownAsync(MetricsSample.OpenMetrics));

    /// <summary>The exporter writes to a response that nobody waits for.</summary>
    private async Task<MetricsSample> TakeDownAsync(string accept)
    {
        var taken = await CapturedResponse.OfAsync(_exporter.Value, _services, MetricsEndpoints.Path, accept);
        return new(taken.ContentType, taken.Body, _clock.GetTimestamp());
    }

    private sealed record Samples(MetricsSample Text, MetricsSample OpenMetrics);

    [LoggerMessage(1910, LogLevel.Error, "The metrics could not be taken down; /metrics tells those of before")]
    private partial void LogNotTaken(Exception exception);
}
