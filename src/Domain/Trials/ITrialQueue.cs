namespace NeuralCapacitance.Domain.Trials;

/// <summary>
/// The only thing that the product asks of a job queue. Quartz serves it here; Hangfire could (docs/adr/0002).
/// A signal says "one more trial waits"; which one is run is decided when a worker slot takes it, by priority and age.
/// </summary>
public interface ITrialQueue
{
    /// <summary>Adds <paramref name="count"/> signals, inside the transaction that inserted the trials. The queue may add the rest of many later, as the first are used up.</summary>
    Task EnqueueAsync(int count, System.Data.Common.DbTransaction transaction, CancellationToken cancellationToken);
}
