using NeuralCapacitance.Domain.Lifecycle;

namespace NeuralCapacitance.Domain.Trials;

/// <summary>
/// The life of a trial: queued → running → succeeded, failed or cancelled. A running trial may run again elsewhere (its worker died)
/// or go back to the queue (its worker shut down); a queued one is cancelled at once.
/// </summary>
public static class TrialStates
{
    private static readonly TransitionTable<TrialState> Table = new("trial", new Dictionary<TrialState, TrialState[]>
    {
        [TrialState.Queued] = [TrialState.Running, TrialState.Cancelled],
        [TrialState.Running] = [TrialState.Running, TrialState.Queued, TrialState.Succeeded, TrialState.Failed, TrialState.Cancelled],
    });

    extension(TrialState state)
    {
        /// <summary>Nothing can follow.</summary>
        public bool IsFinal => Table.NextOf(state).Count == 0;

        public bool CanBecome(TrialState next) => Table.IsAllowed(state, next);

        /// <exception cref="InvalidTransitionException">The transition is not allowed.</exception>
        public void GuardTransitionTo(TrialState next) => Table.Guard(state, next);
    }
}
