using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>Makes the instruments, and begins to listen, before the first request: what nobody listens to is not counted.</summary>
internal sealed class MetricsStart(MetricsCollector collector, WorkloadMeter workload) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        workload.Publish();
        collector.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
