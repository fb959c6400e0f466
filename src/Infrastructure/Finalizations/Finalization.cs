using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Finalizations;

/// <summary>One candidate of a job, trained to the end: a job of its own with one trial.</summary>
public sealed record Finalization(Job Job, Trial Trial)
{
    /// <summary>Whether its model can be had.</summary>
    public bool HasModel => Trial is { State: TrialState.Succeeded, WeightsPath: not null, WeightsDigest: not null };
}

public enum FinalizeRefusal
{
    JobNotFound,

    /// <summary>It is a finalization itself.</summary>
    NoSelection,

    /// <summary>The job has not ended.</summary>
    JobNotFinished,

    JobCancelled,

    /// <summary>The named candidate failed.</summary>
    CandidateFailed,

    /// <summary>None is named, and the ranking has no first.</summary>
    NobodyRanked,

    /// <summary>Another finalization of the job has not ended.</summary>
    FinalizationActive,
}

/// <summary>The new finalization, or why there is none.</summary>
/// <param name="Replayed">The same key made it before.</param>
/// <param name="Reason">In words; empty where there is a job.</param>
/// <param name="Active">The finalization in the way.</param>
public sealed record FinalizeOutcome(Job? Job, bool Replayed, FinalizeRefusal? Refusal, string Reason, Guid? Active)
{
    internal static FinalizeOutcome Of(Job job, bool replayed) => new(job, replayed, null, "", null);

    internal static FinalizeOutcome Refused(FinalizeRefusal refusal, string reason, Guid? active = null) => new(null, Replayed: false, refusal, reason, active);
}
