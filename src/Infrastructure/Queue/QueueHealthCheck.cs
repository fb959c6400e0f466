using Hangfire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Whether Hangfire knows this worker's server, and answers quickly.</summary>
internal sealed class QueueHealthCheck(JobStorage storage, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Hangfire's own calls block.
            var servers = await Task.Run(() => storage.GetMonitoringApi().Servers(), cancellationToken).WaitAsync(Patience, clock, cancellationToken);
            return servers.Any(server => server.Name.StartsWith($"{WorkerName.OfThisProcess}:", StringComparison.OrdinalIgnoreCase))
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, "This worker is not registered with the queue; it is starting, or Hangfire restarts its server.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"The queue does not answer: {e.GetBaseException().Message}", e);
        }
    }
}
