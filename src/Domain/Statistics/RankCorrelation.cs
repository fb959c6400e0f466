using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Agreement of two rankings in [−1, 1].</summary>
/// <param name="Value">Null where it is undefined.</param>
/// <param name="PValue">Two-sided, against no association; null where it is undefined.</param>
/// <param name="Reason">Why something is null.</param>
public sealed record RankAgreement(double? Value, double? PValue = null, string? Reason = null);

/// <summary>Rank correlations of paired samples, larger values ranking higher. All are undefined for fewer than two pairs or a constant side.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's ρ: Pearson's correlation of the ranks, ties sharing the mean of their positions. p from Student's t with n − 2 degrees of freedom.</summary>
    /// <exception cref="ArgumentException">Different lengths, or a value that is not finite.</exception>
    public static RankAgreement Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (Undefined(x, y) is { } undefined) return undefined;
        var rho = Math.Clamp(Correlation.Pearson(Ranks(x), Ranks(y)), -1, 1);
        if (x.Count < 3) return new RankAgreement(rho, Reason: "a p-value needs at least three pairs");
        var freedom = x.Count - 2;
        var t = Math.Abs(rho) * Math.Sqrt(freedom / ((1 + rho) * (1 - rho)));
        return new RankAgreement(rho, double.IsFinite(t) ? 2 * StudentT.CDF(0, 1, freedom, -t) : 0);
    }

    /// <summary>Kendall's τ-b, which corrects for ties. p as scipy.stats.kendalltau: exact, or asymptotic with ties or more than 33 pairs.</summary>
    /// <exception cref="ArgumentException">Different lengths, or a value that is not finite.</exception>
    public static RankAgreement Kendall(IReadOnlyList<double> x, IReadOnlyList<double> y)
        => Undefined(x, y) ?? new RankAgreement(WeightedTau(x, y, static (_, _) => 1), KendallTest.PValue(x, y));

    /// <summary>
    /// Weighted τ (Vigna 2015) with additive hyperbolic weights 1/(r + 1): disagreement near the top costs more.
    /// The mean of the two values whose ranks r come from x (ties by y) and from y (ties by x), as scipy.stats.weightedtau.
    /// </summary>
    /// <exception cref="ArgumentException">Different lengths, or a value that is not finite.</exception>
    public static RankAgreement WeightedKendall(IReadOnlyList<double> x, IReadOnlyList<double> y)
        => Undefined(x, y) ?? new RankAgreement(
            (WeightedTau(x, y, Weights(x, y)) + WeightedTau(x, y, Weights(y, x))) / 2,
            Reason: "no p-value: the distribution of a weighted τ without association is not known");

    /// <summary>1-based ranks, the smallest value first, ties sharing the mean of their positions.</summary>
    internal static double[] Ranks(IReadOnlyList<double> values) => ArrayStatistics.RanksInplace([.. values]);

    private static double WeightedTau(IReadOnlyList<double> x, IReadOnlyList<double> y, Func<int, int, double> weight)
    {
        double both = 0, xs = 0, ys = 0;
        for (var i = 0; i < x.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (dx, dy, w) = (Math.Sign(x[i] - x[j]), Math.Sign(y[i] - y[j]), weight(i, j));
                both += w * dx * dy;
                xs += w * dx * dx;
                ys += w * dy * dy;
            }
        }
        return Math.Clamp(both / Math.Sqrt(xs) / Math.Sqrt(ys), -1, 1);
    }

    private static Func<int, int, double> Weights(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var weights = new double[first.Count];
        var order = Enumerable.Range(0, first.Count).OrderBy(i => first[i]).ThenBy(i => second[i]).Reverse();
        foreach (var (rank, item) in order.Index()) weights[item] = 1.0 / (rank + 1);
        return (i, j) => weights[i] + weights[j];
    }

    private static RankAgreement? Undefined(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} values cannot be paired with {y.Count}.", nameof(y));
        if (!x.Concat(y).All(double.IsFinite)) throw new ArgumentException("Values must be finite.", nameof(x));
        if (x.Count < 2) return new RankAgreement(null, Reason: $"needs at least two pairs, has {x.Count}");
        return x.Distinct().Count() == 1 || y.Distinct().Count() == 1
            ? new RankAgreement(null, Reason: "undefined: all values of one side are equal")
            : null;
    }
}
