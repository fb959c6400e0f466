namespace NeuralCapacitance.Client.Models;

/// <summary>Accuracy against β_eff, which training drives to 0; what a predictor makes of it stands there.</summary>
public sealed record BetaAccuracy : WireObject
{
    /// <summary>Whose predictions these are.</summary>
    public required string Predictor { get; init; }

    public required RankingWindow Window { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    public required double Confidence { get; init; }

    /// <summary>In the order of the spec.</summary>
    public required IReadOnlyList<BetaAccuracyCandidate> Candidates { get; init; }

    /// <summary>Why nobody has both observations and a predicted accuracy; null: somebody has.</summary>
    public string? Reason { get; init; }
}

/// <summary>One candidate. Accuracies are in [0, 1], means over the repeats.</summary>
public sealed record BetaAccuracyCandidate : WireObject
{
    public required string Candidate { get; init; }

    /// <summary>In order of epochs, from 1; of many an even choice.</summary>
    public required IReadOnlyList<BetaAccuracyPoint> Points { get; init; }

    /// <summary>Of the fitted line, accuracy per unit of β_eff; null of a predictor that fits none.</summary>
    public double? Slope { get; init; }

    /// <summary>Of the fitted line, accuracy at β_eff = 0, which may be more than 1 or less than 0; null of a predictor that fits none.</summary>
    public double? Intercept { get; init; }

    /// <summary>The intercept, bounded by 0 and 1; of a predictor that fits no line what it predicts.</summary>
    public double? PredictedAccuracy { get; init; }

    public double? IntervalLow { get; init; }

    public double? IntervalHigh { get; init; }

    /// <summary>What it came to; known once all repeats of a <c>full</c> job have ended.</summary>
    public double? FinalAccuracy { get; init; }
}

public sealed record BetaAccuracyPoint : WireObject
{
    public required int Epoch { get; init; }

    /// <summary>Mean over the repeats.</summary>
    public required double BetaEff { get; init; }

    /// <summary>Validation accuracy, mean over the repeats.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The prediction rests on it.</summary>
    public required bool IsUsed { get; init; }
}
