namespace NeuralCapacitance.Domain.Trials;

/// <summary>The trials of one candidate that are in one state, counted: all that a job's progress needs of them.</summary>
/// <param name="EpochsTarget">Sum over them.</param>
/// <param name="EpochsDone">Sum over them.</param>
public sealed record TrialTally(int CandidateIndex, TrialState State, int Trials, int EpochsTarget, int EpochsDone)
{
    /// <summary>Of trials that are at hand.</summary>
    public static IReadOnlyList<TrialTally> Of(IEnumerable<Trial> trials) =>
    [
        .. trials.GroupBy(t => (t.CandidateIndex, t.State))
            .Select(same => new TrialTally(same.Key.CandidateIndex, same.Key.State, same.Count(), same.Sum(t => t.EpochsTarget), same.Sum(t => t.EpochsDone))),
    ];
}
