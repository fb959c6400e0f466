using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>A predictor's answer to "which backbone?". A number that cannot be given is null, with a reason.</summary>
public sealed record Ranking : WireObject
{
    public required Guid JobId { get; init; }

    public required JobState JobState { get; init; }

    /// <summary>What it comes to, in one sentence; null of an earlier version of the service.</summary>
    public Answer? Answer { get; init; }

    /// <summary>The first one asked; the fields beside it are its answer.</summary>
    public required string Predictor { get; init; }

    public required PredictionUnit Unit { get; init; }

    public required RankingWindow Window { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    public required double Confidence { get; init; }

    /// <summary>What the intervals count and what they leave out.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>What <see cref="RankedCandidate.FinalAccuracy"/> is the accuracy of; null of an earlier version of the service.</summary>
    public string? FinalAccuracyMeaning { get; init; }

    /// <summary>Best first, then those without a prediction, the failed ones last.</summary>
    public required IReadOnlyList<RankedCandidate> Candidates { get; init; }

    /// <summary>Read before acting on the order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public Agreement? Agreement { get; init; }

    /// <summary>Every predictor asked, in that order, the first one included.</summary>
    public required IReadOnlyList<PredictorRanking> Predictors { get; init; }
}

/// <summary>One candidate in the ranking. Accuracies are in [0, 1].</summary>
public sealed record RankedCandidate : WireObject
{
    /// <summary>1 is best; equal predictions share a rank; null without a prediction.</summary>
    public int? Rank { get; init; }

    public required string Candidate { get; init; }

    public required string Backbone { get; init; }

    public required string Weights { get; init; }

    public required CandidateState State { get; init; }

    /// <summary>Predicted final accuracy; null of a predictor of scores.</summary>
    public double? PredictedAccuracy { get; init; }

    /// <summary>Of a predictor of scores; greater is better.</summary>
    public double? Score { get; init; }

    public double? IntervalLow { get; init; }

    public double? IntervalHigh { get; init; }

    /// <summary>Probability that its final accuracy is the greatest of those predicted.</summary>
    public double? ProbabilityBest { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best one.</summary>
    public double? ExpectedRegret { get; init; }

    /// <summary>Why there is no prediction.</summary>
    public string? Reason { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>Validation accuracy at the last observed epoch, mean over the repeats.</summary>
    public double? LastSeenAccuracy { get; init; }

    /// <summary>The epoch of <see cref="LastSeenAccuracy"/>; null before the first, and where the repeats stand at different ones.</summary>
    public int? LastSeenEpoch { get; init; }

    /// <summary>Validation accuracy at the last epoch that the prediction looked at, mean over the repeats.</summary>
    public double? SeenInWindow { get; init; }

    /// <summary>Greatest validation accuracy at any observed epoch, mean over the repeats.</summary>
    public double? BestSeenAccuracy { get; init; }

    /// <summary>Known once all repeats of a <c>full</c> job have ended.</summary>
    public double? FinalAccuracy { get; init; }

    /// <summary>The epochs that the prediction rests on.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Repeats that it rests on; failed ones are left out.</summary>
    public required int Repeats { get; init; }

    /// <summary>Spent on it so far, over all repeats.</summary>
    public required double Seconds { get; init; }
}

[JsonConverter(typeof(WordConverter<CandidateState>))]
public enum CandidateState
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Queued,
    Running,
    Succeeded,
    Failed,
    Dropped,
    Cancelled,
}

/// <summary>What a predictor's numbers are; greater is better in each.</summary>
[JsonConverter(typeof(WordConverter<PredictionUnit>))]
public enum PredictionUnit
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Accuracy,
    Score,
}

public sealed record RankingWindow : WireObject
{
    /// <summary>Epochs asked for.</summary>
    public required int Observe { get; init; }

    /// <summary>As asked for; null is <c>auto</c>.</summary>
    public int? Start { get; init; }

    /// <summary>First epoch that the predictor could use.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>Last one.</summary>
    public required int LastEpoch { get; init; }
}
