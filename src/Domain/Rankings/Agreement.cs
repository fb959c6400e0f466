using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>Predictions against final accuracies.</summary>
public sealed record Agreement
{
    private const int Top = 3;

    /// <summary>Candidates that have both.</summary>
    public required int Candidates { get; init; }

    /// <summary><c>test</c>, or <c>validation</c> where there is no test accuracy.</summary>
    public required string FinalAccuracyOf { get; init; }

    /// <summary>Spearman's ρ; p from Student's t with n − 2 degrees of freedom.</summary>
    public required RankAgreement Spearman { get; init; }

    /// <summary>Of Spearman's ρ, by the percentile bootstrap over candidates, at the ranking's confidence. Null ends below four candidates, with the reason.</summary>
    public required RankInterval SpearmanInterval { get; init; }

    /// <summary>Kendall's τ-b; p exact, or from the normal approximation where values are tied or candidates are more than 33.</summary>
    public required RankAgreement Kendall { get; init; }

    /// <summary>Weighted τ: disagreement near the top costs more. It has no p-value.</summary>
    public required RankAgreement WeightedKendall { get; init; }

    /// <summary>Final accuracy given away by taking the first of the ranking: greatest final accuracy − its own; ≥ 0. Leaders that share the first rank count with their mean. Null: a leader's final accuracy is not known.</summary>
    public required double? Top1Regret { get; init; }

    /// <summary>Share of the three best that are among the first three of the ranking; ties at the third place count with what a lot would give. Null with three candidates or fewer, where it says nothing.</summary>
    public required double? PrecisionAt3 { get; init; }

    /// <summary>Null with fewer than two candidates that have both.</summary>
    /// <param name="confidence">Level of the interval, in (0, 1).</param>
    internal static Agreement? Of(IReadOnlyList<RankedCandidate> ranked, string finalAccuracyOf, double confidence)
    {
        var known = ranked.Where(c => c is { RawPrediction: not null, FinalAccuracy: not null }).ToList();
        if (known.Count < 2) return null;
        var predicted = known.ConvertAll(c => c.RawPrediction!.Value);
        var final = known.ConvertAll(c => c.FinalAccuracy!.Value);
        var leaders = ranked.Where(c => c.Rank == 1).ToList();
        return new Agreement
        {
            Candidates = known.Count,
            FinalAccuracyOf = finalAccuracyOf,
            Spearman = RankCorrelation.Spearman(predicted, final),
            SpearmanInterval = RankBootstrap.Spearman(predicted, final, confidence),
            Kendall = RankCorrelation.Kendall(predicted, final),
            WeightedKendall = RankCorrelation.WeightedKendall(predicted, final),
            Top1Regret = leaders.TrueForAll(c => c.FinalAccuracy is not null) ? final.Max() - leaders.Average(c => c.FinalAccuracy!.Value) : null,
            PrecisionAt3 = TopOverlap.Precision(predicted, final, Top),
        };
    }
}
