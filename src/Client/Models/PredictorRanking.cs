namespace NeuralCapacitance.Client.Models;

/// <summary>One predictor's answer, beside those of the others. A number that cannot be given is null, with a reason.</summary>
public sealed record PredictorRanking : WireObject
{
    public required string Name { get; init; }

    public required PredictionUnit Unit { get; init; }

    /// <summary>What the intervals count and what they leave out; of a score, what it measures.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>Which epochs it looked at, and why these.</summary>
    public required string Epochs { get; init; }

    /// <summary>Best first, then those without a prediction, the failed ones last.</summary>
    public required IReadOnlyList<PredictedCandidate> Candidates { get; init; }

    public Agreement? Agreement { get; init; }

    /// <summary>Read before acting on the order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What one predictor says of one candidate. Accuracies are in [0, 1].</summary>
public sealed record PredictedCandidate : WireObject
{
    public required string Candidate { get; init; }

    /// <summary>1 is best; equal predictions share a rank; null without a prediction.</summary>
    public int? Rank { get; init; }

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

    /// <summary>The epochs that the prediction rests on.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Why early epochs of the window were left out, where the predictor dropped some by evidence.</summary>
    public string? EpochsReason { get; init; }
}

/// <summary>Predictions against final accuracies.</summary>
public sealed record Agreement : WireObject
{
    /// <summary>Candidates that have both.</summary>
    public required int Candidates { get; init; }

    /// <summary><c>test</c>, or <c>validation</c> where there is no test accuracy.</summary>
    public required string FinalAccuracyOf { get; init; }

    public required RankAgreement Spearman { get; init; }

    public required RankInterval SpearmanInterval { get; init; }

    public required RankAgreement Kendall { get; init; }

    public required RankAgreement WeightedKendall { get; init; }

    /// <summary>Final accuracy given away by taking the first of the ranking: greatest final accuracy − its own; ≥ 0. Leaders that share the first rank count with their mean. Null: a leader's final accuracy is not known.</summary>
    public double? Top1Regret { get; init; }

    /// <summary>Share of the three best that are among the first three of the ranking; ties at the third place count with what a lot would give. Null with three candidates or fewer, where it says nothing.</summary>
    public double? PrecisionAt3 { get; init; }
}

/// <summary>Agreement of two rankings in [−1, 1].</summary>
public sealed record RankAgreement : WireObject
{
    /// <summary>Null where it is undefined.</summary>
    public double? Value { get; init; }

    /// <summary>Two-sided, against no association; null where it is undefined.</summary>
    public double? PValue { get; init; }

    /// <summary>Why something is null.</summary>
    public string? Reason { get; init; }
}

/// <summary>An interval of a rank correlation; both ends are there, or the reason why not.</summary>
public sealed record RankInterval : WireObject
{
    /// <summary>In [−1, 1].</summary>
    public double? Low { get; init; }

    /// <summary>In [−1, 1].</summary>
    public double? High { get; init; }

    /// <summary>Level, in (0, 1).</summary>
    public required double Confidence { get; init; }

    /// <summary>Why there is none.</summary>
    public string? Reason { get; init; }
}
