namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>One free slot, told that some trial waits.</summary>
/// <param name="Owner">Unique per firing: the owner of the lease that it takes.</param>
/// <param name="Signal">The queue's name of this firing: the id of its Hangfire job.</param>
public sealed record TrialFiring(string Owner, string Signal);

/// <summary>Runs trials. The worker implements it, so that a node which only takes jobs in needs to know nothing of tensors.</summary>
public interface ITrialExecutor
{
    /// <summary>Takes the next trial and runs it to its end. None waiting is no error.</summary>
    /// <param name="cancellationToken">Cancelled when the node shuts down. An <see cref="OperationCanceledException"/> then says that the trial was handed back.</param>
    Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken);
}
