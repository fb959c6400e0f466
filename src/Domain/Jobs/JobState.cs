namespace NeuralCapacitance.Domain.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,

    /// <summary>Every trial failed.</summary>
    Failed,

    /// <summary>A client asked to cancel; a worker has not confirmed yet.</summary>
    Cancelling,
    Cancelled,
}
