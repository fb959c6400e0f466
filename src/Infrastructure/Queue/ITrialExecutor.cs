namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>One free slot, told that some trial waits.</summary>
/// <param name="Owner">Unique per firing: the owner of the lease that it takes.</param>
/// <param name="Signal">The queue's name of this firing.</param>
/// <param name="LostSignal">The firing that this one stands in for, because its node died or shut down; null: an ordinary one.</param>
public sealed record TrialFiring(string Owner, string Signal, string? LostSignal);

/// <summary>Runs trials. The worker implements it, so that a node which only enqueues needs to know nothing of tensors.</summary>
public interface ITrialExecutor
{
    /// <summary>
    /// Takes the trial that <see cref="TrialFiring.LostSignal"/> held, or else the next one, and runs it to its end. None waiting is no error.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the node shuts down. An <see cref="OperationCanceledException"/> then hands the firing to a peer.</param>
    Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken);
}
