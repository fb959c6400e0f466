namespace NeuralCapacitance.Domain.Statistics;

/// <summary>The non-decreasing sequence nearest to a given one in least squares, by pooling adjacent violators (Barlow, Bartholomew, Bremner, Brunk, 1972).</summary>
internal static class IsotonicRegression
{
    public static double[] Fit(IReadOnlyList<double> values)
    {
        var pools = new List<(double Mean, int Count)>();
        foreach (var value in values)
        {
            pools.Add((value, 1));
            while (pools.Count > 1 && pools[^2].Mean > pools[^1].Mean)
            {
                var (before, last) = (pools[^2], pools[^1]);
                var count = before.Count + last.Count;
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (((before.Mean * before.Count) + (last.Mean * last.Count)) / count, count);
            }
        }
        return [.. pools.SelectMany(pool => Enumerable.Repeat(pool.Mean, pool.Count))];
    }
}
