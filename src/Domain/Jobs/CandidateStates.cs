using NeuralCapacitance.Domain.Lifecycle;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Jobs;

public enum CandidateState
{
    /// <summary>None of its trials has been taken yet.</summary>
    Queued,
    Running,

    /// <summary>All its trials have ended, at least one of them well.</summary>
    Succeeded,

    /// <summary>All its trials have ended and none well.</summary>
    Failed,

    /// <summary>Out of the race: too unlikely to be the best.</summary>
    Dropped,

    /// <summary>Cancelled before any of its trials ended well.</summary>
    Cancelled,
}

/// <summary>The life of a candidate, which is that of its trials taken together.</summary>
public static class CandidateStates
{
    private static readonly TransitionTable<CandidateState> Table = new("candidate", new Dictionary<CandidateState, CandidateState[]>
    {
        [CandidateState.Queued] = [CandidateState.Running, CandidateState.Succeeded, CandidateState.Dropped, CandidateState.Cancelled],
        [CandidateState.Running] = [CandidateState.Queued, CandidateState.Succeeded, CandidateState.Failed, CandidateState.Dropped, CandidateState.Cancelled],
    });

    extension(CandidateState state)
    {
        /// <summary>Nothing can follow.</summary>
        public bool IsFinal => Table.NextOf(state).Count == 0;

        public bool CanBecome(CandidateState next) => Table.IsAllowed(state, next);

        /// <exception cref="InvalidTransitionException">The transition is not allowed.</exception>
        public void GuardTransitionTo(CandidateState next) => Table.Guard(state, next);
    }

    /// <summary>Where a candidate stands, from its trials (one per repeat).</summary>
    /// <exception cref="ArgumentException">No trials.</exception>
    public static CandidateState Of(IReadOnlyCollection<TrialState> trials)
    {
        if (trials.Count == 0) throw new ArgumentException("A candidate has at least one trial.", nameof(trials));
        if (trials.All(t => t == TrialState.Queued)) return CandidateState.Queued;
        if (!trials.All(t => t.IsFinal)) return CandidateState.Running;
        if (trials.Contains(TrialState.Succeeded)) return CandidateState.Succeeded;
        if (trials.Contains(TrialState.Dropped)) return CandidateState.Dropped;
        return trials.Contains(TrialState.Cancelled) ? CandidateState.Cancelled : CandidateState.Failed;
    }
}
