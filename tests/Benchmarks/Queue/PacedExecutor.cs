using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>How long a trial of the benchmark takes.</summary>
internal sealed record Pace(TimeSpan PerTrial);

/// <summary>All that the queue asks of a worker, and no training.</summary>
internal sealed class PacedExecutor(TrialStore trials, Pace pace) : ITrialExecutor
{
    public async Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken)
    {
        if (await trials.ClaimNextAsync(firing.Owner, firing.Signal, "cpu", cancellationToken) is not { } claimed) return;
        if (pace.PerTrial > TimeSpan.Zero) await Task.Delay(pace.PerTrial, cancellationToken);
        await trials.SucceedAsync(claimed.Lease, weightsPath: null, cancellationToken);
    }
}
