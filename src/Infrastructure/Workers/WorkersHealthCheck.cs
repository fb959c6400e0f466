using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>Whether anybody is there to run what is submitted.</summary>
internal sealed class WorkersHealthCheck(WorkerStore workers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await workers.AnyAliveAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, "No worker lives: jobs are accepted, and none is run. Start a worker, or set Worker:InProcess.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, "The database does not tell which workers live.", e);
        }
    }
}
