using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Races;

/// <summary>A race in short: who is left, who has won, and what it has saved.</summary>
public sealed record RaceStanding
{
    /// <summary>The last round that was decided; 0 before the first.</summary>
    public required int Round { get; init; }

    /// <summary>Rounds are epochs; the race ends here at the latest.</summary>
    public required int LastRound { get; init; }

    /// <summary>A round has ended it, nobody is left, or its job was cancelled.</summary>
    public required bool IsOver { get; init; }

    /// <summary>Still in the race, or in it when it ended; those that failed are not.</summary>
    public required IReadOnlyList<string> Remaining { get; init; }

    /// <summary>In the order in which they were dropped.</summary>
    public required IReadOnlyList<string> Dropped { get; init; }

    /// <summary>The greatest predicted accuracy in the last round.</summary>
    public required string? Leader { get; init; }

    /// <summary>The leader when the race ended; null before, where every candidate left has failed, and of a race that was cancelled.</summary>
    public required string? Winner { get; init; }

    /// <summary>Over all trials, those epochs included that ran ahead of a decision.</summary>
    public required int EpochsTrained { get; init; }

    /// <summary>What trials that have ended, other than by failing, have not trained of a whole training.</summary>
    public required int EpochsSaved { get; init; }

    /// <summary>Estimate: the saved epochs, each at the mean seconds that its own trial measured per epoch.</summary>
    public required double SecondsSaved { get; init; }

    /// <param name="spec">As resolved, of mode <c>race</c>.</param>
    /// <param name="trials">All of the job.</param>
    /// <param name="decisions">All of the job, in their order.</param>
    /// <param name="secondsPerEpoch">Mean seconds of a trained epoch by trial.</param>
    public static RaceStanding Of(
        JobSpec spec, IReadOnlyList<Trial> trials, IReadOnlyList<RaceDecision> decisions, IReadOnlyDictionary<Guid, double> secondsPerEpoch)
    {
        var round = decisions.Where(d => d.Action is not RaceAction.Promoted).Select(d => d.Round).DefaultIfEmpty(0).Max();
        var last = decisions.Where(d => d.Round == round && d.Action is not RaceAction.Promoted).ToList();
        var dropped = decisions.Where(d => d.Action is RaceAction.Dropped).Select(d => d.Candidate).ToList();
        var failed = trials.GroupBy(t => t.CandidateIndex).Where(own => own.All(t => t.State is TrialState.Failed)).Select(own => own.Key).ToHashSet();
        var saved = trials.Where(t => t.State is TrialState.Dropped or TrialState.Succeeded)
            .Select(t => (t.Id, Epochs: Math.Max(0, spec.Training.Epochs - t.EpochsDone))).ToList();
        var leader = last.Find(d => d.IsLeader);
        return new RaceStanding
        {
            Round = round,
            LastRound = spec.Training.Epochs,
            IsOver = trials.All(t => t.State.IsFinal) || new RaceCourse(spec, trials, decisions).IsOver,
            Remaining = [.. spec.Candidates.Index().Where(c => !dropped.Contains(c.Index) && !failed.Contains(c.Index)).Select(c => c.Item.Name)],
            Dropped = [.. dropped.Select(Name)],
            Leader = leader is null ? null : Name(leader.Candidate),
            Winner = leader is { Action: RaceAction.Stopped } ? Name(leader.Candidate) : null,
            EpochsTrained = trials.Sum(t => t.EpochsDone),
            EpochsSaved = saved.Sum(t => t.Epochs),
            SecondsSaved = Math.Round(saved.Sum(t => t.Epochs * secondsPerEpoch.GetValueOrDefault(t.Id)), 1),
        };

        string Name(int candidate) => spec.Candidates[candidate].Name;
    }
}
