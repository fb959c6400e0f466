using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralCapacitance.Api.Health;

/// <summary>Looks at the database and the queue at most once a second, however many ask: who asks meanwhile waits for the same look.</summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _look;
    private long _lookedAt;

    public Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && clock.GetElapsedTime(_lookedAt) >= Fresh))
            {
                _lookedAt = clock.GetTimestamp();
                // Not the token of the one who happened to come first.
                _look = Task.Run(() => checks.CheckHealthAsync(CancellationToken.None), CancellationToken.None);
            }

            return _look.WaitAsync(cancellationToken);
        }
    }
}
