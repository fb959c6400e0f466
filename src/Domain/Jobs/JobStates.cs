using NeuralCapacitance.Domain.Lifecycle;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>
/// The life of a job: queued → running → succeeded or failed. A cancel ends it at once when no trial runs, and else through
/// <c>cancelling</c>, which cannot be taken back, but which the last trials may outrun by finishing.
/// </summary>
public static class JobStates
{
    private static readonly TransitionTable<JobState> Table = new("job", new Dictionary<JobState, JobState[]>
    {
        // To cancelling: a worker was just taking one of its trials.
        [JobState.Queued] = [JobState.Running, JobState.Cancelling, JobState.Cancelled],
        [JobState.Running] = [JobState.Queued, JobState.Succeeded, JobState.Failed, JobState.Cancelling, JobState.Cancelled],
        [JobState.Cancelling] = [JobState.Cancelled, JobState.Succeeded, JobState.Failed],
    });

    extension(JobState state)
    {
        /// <summary>Nothing can follow.</summary>
        public bool IsFinal => Table.NextOf(state).Count == 0;

        public bool CanBecome(JobState next) => Table.IsAllowed(state, next);

        /// <exception cref="InvalidTransitionException">The transition is not allowed.</exception>
        public void GuardTransitionTo(JobState next) => Table.Guard(state, next);
    }

    /// <summary>
    /// Where a job stands, from its trials. One success is enough to succeed, since a failed trial is ranked last;
    /// a trial that was cancelled makes the finished job a cancelled one. A race whose last candidates fail has failed, whomever it dropped before.
    /// </summary>
    /// <param name="cancelRequested">A client asked to cancel.</param>
    /// <exception cref="ArgumentException">No trials.</exception>
    public static JobState Of(IReadOnlyCollection<TrialState> trials, bool cancelRequested)
    {
        if (trials.Count == 0) throw new ArgumentException("A job has at least one trial.", nameof(trials));
        if (trials.All(t => t.IsFinal))
        {
            if (trials.Contains(TrialState.Cancelled)) return JobState.Cancelled;
            return trials.Contains(TrialState.Succeeded) ? JobState.Succeeded : JobState.Failed;
        }
        if (cancelRequested) return JobState.Cancelling;
        return trials.All(t => t == TrialState.Queued) ? JobState.Queued : JobState.Running;
    }
}
