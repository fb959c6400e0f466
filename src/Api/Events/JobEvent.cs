using System.Globalization;
using System.Net.ServerSentEvents;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>What the stream tells of a job. Only observations have an id: where to go on after a broken connection.</summary>
internal static class JobEvent
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    /// <summary>Keeps proxies from closing a quiet connection. A client that waits for named events sees nothing of it.</summary>
    public static SseItem<object> Heartbeat { get; } = new(new object(), "heartbeat");

    /// <summary>The job's state, at the start and whenever it changes.</summary>
    public static SseItem<object> Job(JobResponse job) => new(job, "job") { ReconnectionInterval = ReconnectAfter };

    /// <summary>A trial, at the start and whenever its state changes.</summary>
    public static SseItem<object> Trial(TrialResponse trial) => new(trial, "trial");

    public static SseItem<object> Observation(ObservationResponse observation)
        => new(observation, "observation") { EventId = observation.Id.ToString(CultureInfo.InvariantCulture) };

    /// <summary>The last event: the job has ended and everything about it has been told.</summary>
    public static SseItem<object> End(JobResponse job) => new(job, "end");
}
