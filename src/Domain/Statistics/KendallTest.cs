using MathNet.Numerics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// The p-value of Kendall's τ-b, two-sided, as scipy.stats.kendalltau chooses it: exact where there are no ties and few pairs (or hardly a
/// disagreement), else from the normal approximation with the variance corrected for ties (Kendall, Rank Correlation Methods, chapters 4 and 5).
/// </summary>
internal static class KendallTest
{
    /// <summary>Most pairs for which the exact distribution is used.</summary>
    private const int MostExact = 33;

    /// <param name="x">At least two, not all equal.</param>
    /// <param name="y">As many, not all equal.</param>
    public static double PValue(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var n = x.Count;
        var pairs = n * (n - 1L) / 2;
        long score = 0, discordant = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sign = Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                score += sign;
                if (sign < 0) discordant++;
            }
        }
        var (xs, ys) = (Ties.Of(x), Ties.Of(y));
        var fewest = Math.Min(discordant, pairs - discordant);
        return xs.Pairs == 0 && ys.Pairs == 0 && (n <= MostExact || fewest <= 1)
            ? Exact(n, (int)fewest)
            : Asymptotic(n, score, xs, ys);
    }

    /// <summary>Twice the share of the permutations of n that have at most so many inversions.</summary>
    private static double Exact(int n, int inversions)
    {
        // share[k]: of the permutations of the first m items, those with k inversions. Item m adds 0 … m − 1 of them, each as likely.
        var share = new double[inversions + 1];
        share[0] = 1;
        for (var m = 2; m <= n; m++)
        {
            var next = new double[share.Length];
            var window = 0.0;
            for (var k = 0; k < share.Length; k++)
            {
                window += share[k] - (k >= m ? share[k - m] : 0);
                next[k] = window / m;
            }
            share = next;
        }
        return Math.Clamp(2 * share.Sum(), 0, 1);
    }

    private static double Asymptotic(double n, long score, Ties x, Ties y)
    {
        var m = n * (n - 1);
        var variance = (((m * ((2 * n) + 5)) - x.Linear - y.Linear) / 18) + (2.0 * x.Pairs * y.Pairs / m) + (x.Triples * y.Triples / (9 * m * (n - 2)));
        return SpecialFunctions.Erfc(Math.Abs(score) / Math.Sqrt(2 * variance));
    }

    /// <summary>Sums over the groups of equal values, t of them in each.</summary>
    /// <param name="Pairs">Σ t(t − 1)/2.</param>
    /// <param name="Triples">Σ t(t − 1)(t − 2).</param>
    /// <param name="Linear">Σ t(t − 1)(2t + 5).</param>
    private sealed record Ties(long Pairs, double Triples, double Linear)
    {
        public static Ties Of(IReadOnlyList<double> values)
        {
            var groups = values.CountBy(v => v).Select(g => (double)g.Value).ToList();
            return new Ties(
                (long)groups.Sum(t => t * (t - 1) / 2), groups.Sum(t => t * (t - 1) * (t - 2)), groups.Sum(t => t * (t - 1) * ((2 * t) + 5)));
        }
    }
}
