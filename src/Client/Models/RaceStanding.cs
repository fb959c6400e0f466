using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>A race in short: who is left, who has won, and what it has saved.</summary>
public sealed record RaceStanding : WireObject
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
    public string? Leader { get; init; }

    /// <summary>The leader when the race ended; null before, where every candidate left has failed, and of a race that was cancelled.</summary>
    public string? Winner { get; init; }

    /// <summary>Over all trials, those epochs included that ran ahead of a decision.</summary>
    public required int EpochsTrained { get; init; }

    /// <summary>What trials that have ended, other than by failing, have not trained of a whole training.</summary>
    public required int EpochsSaved { get; init; }

    /// <summary>Estimate: the saved epochs, each at the mean seconds that its own trial measured per epoch.</summary>
    public required double SecondsSaved { get; init; }
}

/// <summary>What a race decided about one candidate, with the numbers behind it.</summary>
public sealed record Decision : WireObject
{
    /// <summary>Grows in the order of decisions.</summary>
    public required long Id { get; init; }

    /// <summary>The epoch up to which was looked; of a promotion, the one that the trial had reached.</summary>
    public required int Round { get; init; }

    public required string Candidate { get; init; }

    public required RaceAction Action { get; init; }

    /// <summary>Which of its trials was promoted; null for decisions about the candidate.</summary>
    public int? Repeat { get; init; }

    /// <summary>Whether it had the greatest predicted accuracy; with <c>stopped</c>, it has won.</summary>
    public required bool IsLeader { get; init; }

    /// <summary>Probability of being the best of those that were in the race; null where it could not be judged, as are the numbers below.</summary>
    public double? ProbabilityBest { get; init; }

    /// <summary>At the end of a whole training.</summary>
    public double? PredictedAccuracy { get; init; }

    public double? IntervalLow { get; init; }

    public double? IntervalHigh { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best in the race.</summary>
    public double? ExpectedRegret { get; init; }

    /// <summary>In words.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

[JsonConverter(typeof(WordConverter<RaceAction>))]
public enum RaceAction
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Dropped,
    Kept,
    Stopped,
    Promoted,
}
