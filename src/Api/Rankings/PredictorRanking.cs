using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>One predictor's answer, beside those of the others. A number that cannot be given is null, with a reason.</summary>
public sealed record PredictorRanking
{
    /// <example>neural-capacitance</example>
    public required string Name { get; init; }

    /// <summary>`accuracy`, or `score`: a number of the predictor's own scale, which orders the candidates and says nothing else.</summary>
    public required PredictionUnit Unit { get; init; }

    /// <summary>What the intervals count and what they leave out; of a score, what it measures.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>Which epochs it looked at, and why these.</summary>
    /// <example>epochs 1 to 5: start auto, the first 5, of which none is left out by evidence</example>
    public required string Epochs { get; init; }

    /// <summary>Best first, then those without a prediction, the failed ones last.</summary>
    public required IReadOnlyList<PredictedCandidate> Candidates { get; init; }

    /// <summary>Spearman's ρ and others against the final accuracies; null until these are known (`full` jobs only).</summary>
    public required Agreement? Agreement { get; init; }

    /// <summary>Read before acting on the order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static PredictorRanking Of(Ranking ranking) => new()
    {
        Name = ranking.Predictor,
        Unit = ranking.Unit,
        IntervalMeaning = ranking.IntervalMeaning,
        Epochs = ranking.EpochsMeaning,
        Candidates = [.. ranking.Candidates.Select(PredictedCandidate.Of)],
        Agreement = ranking.Agreement,
        Warnings = ranking.Warnings,
    };
}

/// <summary>What one predictor says of one candidate. Accuracies are in [0, 1].</summary>
public sealed record PredictedCandidate
{
    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    /// <summary>1 is best; equal predictions share a rank; null without a prediction.</summary>
    /// <example>1</example>
    public required int? Rank { get; init; }

    /// <summary>Predicted final accuracy; null of a predictor of scores.</summary>
    /// <example>0.73</example>
    public required double? PredictedAccuracy { get; init; }

    /// <summary>Of a predictor of scores; greater is better.</summary>
    /// <example>null</example>
    public required double? Score { get; init; }

    public required double? IntervalLow { get; init; }

    public required double? IntervalHigh { get; init; }

    /// <summary>Probability that its final accuracy is the greatest of those predicted.</summary>
    public required double? ProbabilityBest { get; init; }

    /// <summary>Final accuracy that taking it is expected to give away against the best one.</summary>
    /// <example>0.004</example>
    public required double? ExpectedRegret { get; init; }

    /// <summary>Why there is no prediction.</summary>
    public required string? Reason { get; init; }

    /// <summary>The epochs that the prediction rests on.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Why early epochs of the window were left out, where the predictor dropped some by evidence.</summary>
    public required string? EpochsReason { get; init; }

    internal static PredictedCandidate Of(RankedCandidate ranked) => new()
    {
        Candidate = ranked.Candidate,
        Rank = ranked.Rank,
        PredictedAccuracy = ranked.PredictedAccuracy,
        Score = ranked.Score,
        IntervalLow = ranked.IntervalLow,
        IntervalHigh = ranked.IntervalHigh,
        ProbabilityBest = ranked.ProbabilityBest,
        ExpectedRegret = ranked.ExpectedRegret,
        Reason = ranked.Reason,
        Epochs = ranked.Epochs,
        EpochsReason = ranked.EpochsReason,
    };
}
