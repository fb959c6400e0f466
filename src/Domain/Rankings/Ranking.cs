using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>A predictor's answer to "which backbone?". Every number is finite; what cannot be said is null, with a reason.</summary>
public sealed record Ranking
{
    public required string Predictor { get; init; }

    /// <summary>What its numbers are.</summary>
    public required PredictionUnit Unit { get; init; }

    public required RankingWindow Window { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    public required double Confidence { get; init; }

    /// <summary>What the intervals count and what they leave out.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>Best first, then those without a prediction, the failed ones last.</summary>
    public required IReadOnlyList<RankedCandidate> Candidates { get; init; }

    /// <summary>Which epochs the predictor looked at, and why these, in a sentence.</summary>
    public required string EpochsMeaning { get; init; }

    /// <summary>Sentences that a person should read before acting on the order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>All ranked candidates but the first, in their order, against the first; none of scores.</summary>
    public IReadOnlyList<Rival> Rivals { get; init; } = [];

    /// <summary>What final accuracies are, or will be: <c>test</c> or <c>validation</c>.</summary>
    public string FinalAccuracyOf { get; init; } = "validation";

    /// <summary>What a final accuracy is the accuracy of: "test, mean of the last 3 epochs and 2 repeats".</summary>
    public string FinalAccuracyMeaning { get; init; } = "";

    /// <summary>How good the order turned out to be; null until final accuracies are known (<c>full</c> jobs only).</summary>
    public Agreement? Agreement { get; init; }
}

/// <param name="Observe">Epochs asked for.</param>
/// <param name="Start">As asked for; null is <c>auto</c>.</param>
/// <param name="FirstEpoch">First epoch that the predictor could use.</param>
/// <param name="LastEpoch">Last one.</param>
public sealed record RankingWindow(int Observe, int? Start, int FirstEpoch, int LastEpoch);

public sealed record RankedCandidate
{
    public required string Candidate { get; init; }

    /// <summary>Position in the job's spec.</summary>
    public required int CandidateIndex { get; init; }

    /// <summary>1 is best; equal predictions share a rank; null without a prediction.</summary>
    public int? Rank { get; init; }

    /// <summary>Predicted final accuracy, clamped to [0, 1].</summary>
    public double? PredictedAccuracy { get; init; }

    /// <summary>Of a predictor whose numbers are no accuracies: greater is better, and nothing else is said.</summary>
    public double? Score { get; init; }

    /// <summary>Prediction or score as it came, unclamped; the order follows it.</summary>
    public double? RawPrediction { get; init; }

    /// <summary>Clamped to [0, 1].</summary>
    public double? IntervalLow { get; init; }

    /// <summary>Clamped to [0, 1].</summary>
    public double? IntervalHigh { get; init; }

    /// <summary>Probability that its final accuracy is the greatest of those predicted, if the predictor's intervals are right.</summary>
    public double? ProbabilityBest { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best one, if the predictor's intervals are right; ≥ 0.</summary>
    public double? ExpectedRegret { get; init; }

    /// <summary>The epochs that the prediction rests on.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Why epochs of the window were left out, where the predictor dropped some by evidence.</summary>
    public string? EpochsReason { get; init; }

    /// <summary>Repeats that it rests on; failed ones are left out.</summary>
    public required int Repeats { get; init; }

    public required CandidateState State { get; init; }

    /// <summary>Why there is no prediction.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it failed, where it did.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Mean over the last epochs (<see cref="SelectionSpec.FinalEpochs"/>) and the repeats, once all have ended in a <c>full</c> job.</summary>
    public double? FinalAccuracy { get; init; }
}
