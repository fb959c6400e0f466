using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>Something that happened to a job, as the stream tells it.</summary>
/// <param name="Type">The event's name in the stream.</param>
/// <param name="Id">Where to go on after a broken connection; only observations have one.</param>
/// <param name="Data">The body, written as JSON; null is a heartbeat.</param>
internal sealed record JobEvent(string Type, long? Id, object? Data)
{
    /// <summary>A comment: keeps proxies from closing a quiet connection.</summary>
    public static JobEvent Heartbeat { get; } = new("heartbeat", Id: null, Data: null);

    /// <summary>The job's state, at the start and whenever it changes.</summary>
    public static JobEvent Job(JobResponse job) => new("job", Id: null, job);

    /// <summary>A trial, at the start and whenever its state changes.</summary>
    public static JobEvent Trial(TrialResponse trial) => new("trial", Id: null, trial);

    public static JobEvent Observation(ObservationResponse observation) => new("observation", observation.Id, observation);

    /// <summary>The last event: the job has ended and everything about it has been told.</summary>
    public static JobEvent End(JobResponse job) => new("end", Id: null, job);
}
