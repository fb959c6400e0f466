using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Trials;

/// <summary>The fencing token of one attempt at a trial. Every write carries it.</summary>
public sealed record Lease(Guid TrialId, int Attempt, string Owner);

/// <param name="Lease">What every later write must show.</param>
/// <param name="Trial">As claimed: running, attempt counted up.</param>
/// <param name="Spec">The job's spec as resolved.</param>
/// <param name="AttemptsWithoutProgress">Attempts since the last one that stored a new observation; this one counts, so ≥ 1.</param>
/// <param name="TraceParent">W3C <c>traceparent</c> of the request that made the job; null: it was not traced.</param>
public sealed record ClaimedTrial(Lease Lease, Trial Trial, JobSpec Spec, int AttemptsWithoutProgress, string? TraceParent = null);

/// <param name="State">What has become of it: <c>paused</c>, <c>queued</c> for its next round, or ended.</param>
/// <param name="Ended">The trials that ended with it, this one among them where it did.</param>
public sealed record PausedTrial(TrialState State, IReadOnlyList<Guid> Ended);

/// <param name="Attempt">Which attempt stored it.</param>
public sealed record ObservedEpoch(int Attempt, Observation Observation);

/// <param name="DatasetHash">Of the decoded images and labels.</param>
/// <param name="Software">Name → version or value of all that the numbers depend on: the service, .NET, libtorch, CPU threads, …</param>
public sealed record RunEnvironment(string DatasetHash, IReadOnlyDictionary<string, string> Software);

/// <summary>Another worker has the trial now, or it was cancelled: stop at once and write nothing more.</summary>
public sealed class LeaseLostException(Lease lease)
    : Exception($"Trial {lease.TrialId}: attempt {lease.Attempt} by {lease.Owner} no longer holds the lease.");
