using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

/// <summary>How long an epoch of the tests' executor takes.</summary>
internal sealed record Pace(TimeSpan PerEpoch);

/// <summary>All that a worker does, but for the training.</summary>
internal sealed class EpochExecutor(TrialStore trials, ChangeFeed changes, Pace pace) : ITrialExecutor
{
    public async Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken)
    {
        var claimed = await trials.ClaimNextAsync(firing.Owner, firing.Signal, "cpu", cancellationToken);
        if (claimed is null) return;
        using var over = new CancellationTokenSource();
        var stop = await changes.WatchLeaseAsync(claimed.Lease, over.Token);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
            await TrainAsync(claimed, either.Token);
        }
        catch (LeaseLostException)
        {
            // Somebody else goes on.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await trials.ReleaseAsync(claimed.Lease, CancellationToken.None);
            throw;
        }
        catch (OperationCanceledException)
        {
            await ConfirmAsync(claimed.Lease);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task TrainAsync(ClaimedTrial claimed, CancellationToken cancellationToken)
    {
        for (var epoch = claimed.Trial.EpochsDone; epoch <= claimed.Trial.EpochsTarget; epoch++)
        {
            await Task.Delay(pace.PerEpoch, cancellationToken);
            await trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch, accuracy: 0.1 * epoch), cancellationToken);
        }
        await trials.SucceedAsync(claimed.Lease, null, cancellationToken);
    }

    private async Task ConfirmAsync(Lease lease)
    {
        try
        {
            await trials.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            // Not cancelled, then, but lost.
        }
    }
}
