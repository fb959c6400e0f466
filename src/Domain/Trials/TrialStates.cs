using NeuralCapacitance.Domain.Lifecycle;

namespace NeuralCapacitance.Domain.Trials;

/// <summary>
/// The life of a trial: queued → running → succeeded, failed or cancelled. A running trial may run again elsewhere (its worker died)
/// or go back to the queue (its worker shut down); a queued one is cancelled at once. In a race a trial is paused after its round and then
/// queued for the next one, dropped, or done; a decision also ends those that have run ahead, whatever they are doing.
/// </summary>
public static class TrialStates
{
    private static readonly TransitionTable<TrialState> Table = new("trial", new Dictionary<TrialState, TrialState[]>
    {
        [TrialState.Queued] = [TrialState.Running, TrialState.Succeeded, TrialState.Dropped, TrialState.Cancelled],
        [TrialState.Running] =
            [TrialState.Running, TrialState.Queued, TrialState.Paused, TrialState.Succeeded, TrialState.Failed, TrialState.Dropped, TrialState.Cancelled],
        [TrialState.Paused] = [TrialState.Queued, TrialState.Succeeded, TrialState.Dropped, TrialState.Cancelled],
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
