using MathNet.Numerics.Statistics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>An interval of a rank correlation; both ends are there, or the reason why not.</summary>
/// <param name="Low">In [−1, 1].</param>
/// <param name="High">In [−1, 1].</param>
/// <param name="Confidence">Level, in (0, 1).</param>
/// <param name="Reason">Why there is none.</param>
public sealed record RankInterval(double? Low, double? High, double Confidence, string? Reason = null);

/// <summary>
/// How much Spearman's ρ depends on which pairs happened to be there: the percentile bootstrap (Efron 1979), pairs drawn with replacement.
/// A draw in which one side is constant has no ρ and is left out. The seed is fixed: the same pairs, the same interval.
/// </summary>
public static class RankBootstrap
{
    /// <summary>Fewer pairs have too few different draws for an interval to mean anything.</summary>
    private const int LeastPairs = 4;

    private const int Draws = 5_000;
    private const int Seed = 1;

    /// <param name="confidence">Level, in (0, 1).</param>
    public static RankInterval Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y, double confidence)
    {
        if (x.Count < LeastPairs) return new RankInterval(null, null, confidence, $"an interval needs at least {LeastPairs} pairs, there are {x.Count}");
        var (xs, ys) = (Places.Of(x), Places.Of(y));
        var random = new Random(Seed);
        var counts = new int[x.Count];
        var drawn = new List<double>(Draws);
        for (var draw = 0; draw < Draws; draw++)
        {
            Array.Clear(counts);
            for (var i = 0; i < counts.Length; i++) counts[random.Next(counts.Length)]++;
            if (Rho(xs.Ranks(counts), ys.Ranks(counts), counts) is { } rho) drawn.Add(rho);
        }
        if (drawn.Count < Draws / 2) return new RankInterval(null, null, confidence, "undefined in most draws: too many values are equal");
        drawn.Sort();
        var tail = (1 - confidence) / 2;
        return new RankInterval(
            SortedArrayStatistics.QuantileCustom([.. drawn], tail, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom([.. drawn], 1 - tail, QuantileDefinition.R7),
            confidence);
    }

    /// <summary>Pearson's correlation of ranks, pair i counting <paramref name="counts"/>[i] times.</summary>
    private static double? Rho(double[] x, double[] y, int[] counts)
    {
        var mean = (counts.Length + 1) / 2.0; // of both: ranks share the mean of their positions
        double both = 0, xs = 0, ys = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var (dx, dy) = (x[i] - mean, y[i] - mean);
            both += counts[i] * dx * dy;
            xs += counts[i] * dx * dx;
            ys += counts[i] * dy * dy;
        }
        return xs > 0 && ys > 0 ? Math.Clamp(both / Math.Sqrt(xs * ys), -1, 1) : null;
    }

    /// <summary>Where each pair stands among the distinct values, so that a draw is ranked without sorting.</summary>
    private sealed class Places(int[] places, int distinct)
    {
        private readonly int[] _drawn = new int[distinct];
        private readonly double[] _rankAt = new double[distinct];
        private readonly double[] _ranks = new double[places.Length];

        public static Places Of(IReadOnlyList<double> values)
        {
            double[] distinct = [.. values.Distinct().Order()];
            return new Places([.. values.Select(v => Array.BinarySearch(distinct, v))], distinct.Length);
        }

        public double[] Ranks(int[] counts)
        {
            Array.Clear(_drawn);
            for (var i = 0; i < counts.Length; i++) _drawn[places[i]] += counts[i];
            var before = 0;
            for (var place = 0; place < _drawn.Length; place++)
            {
                _rankAt[place] = before + ((_drawn[place] + 1) / 2.0);
                before += _drawn[place];
            }
            for (var i = 0; i < _ranks.Length; i++) _ranks[i] = _rankAt[places[i]];
            return _ranks;
        }
    }
}
