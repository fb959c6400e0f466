using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Events;

/// <summary>Where a job stood when it was last read: what a new follower is told first.</summary>
internal sealed record JobSnapshot
{
    /// <summary>Of the job's row; it has counted up whenever anything is different.</summary>
    public required long Version { get; init; }

    public required JobStanding Standing { get; init; }

    public required IReadOnlyDictionary<Guid, TrialStanding> Trials { get; init; }

    public required IReadOnlyDictionary<Guid, Trial> TrialsById { get; init; }

    /// <summary>In the order of the candidates; made when the first follower asks.</summary>
    public required Lazy<IReadOnlyList<EventFrame>> TrialFrames { get; init; }

    /// <summary>The newest observations: all whose id is greater than <see cref="RecentAfter"/>.</summary>
    public required IReadOnlyList<EventFrame> Recent { get; init; }

    public required long RecentAfter { get; init; }

    /// <summary>Id of the newest observation; 0: there is none.</summary>
    public required long LastObservation { get; init; }

    public required EventFrame Job { get; init; }

    /// <summary>Null: the job has not ended.</summary>
    public required EventFrame? End { get; init; }
}

/// <summary>What of a job is told when it changes.</summary>
internal sealed record JobStanding(JobState State, int EpochsDone, int? Round);

/// <summary>What of a trial is told when it changes.</summary>
internal sealed record TrialStanding(TrialState State, int Attempt, int Notes, int Scores)
{
    public static TrialStanding Of(Trial trial, int scores) => new(trial.State, trial.Attempt, trial.Notes.Count, scores);

    public bool IsOfAnotherRun(TrialStanding next) => (Attempt, Notes) != (next.Attempt, next.Notes);
}
