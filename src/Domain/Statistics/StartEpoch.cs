namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// How many early points to leave out before fitting a line, by the Bayesian information criterion. Values of BIC compare only between
/// models of the same data, so a point that is left out counts as one that has a free parameter of its own:
/// BIC(s) = n ln(RSS_s/n) + (2 + s) ln n, with RSS_s of the line through the other n − s points.
/// </summary>
public static class StartEpoch
{
    /// <summary>Points that must remain: a line and one to check it.</summary>
    public const int LeastPoints = 3;

    /// <param name="x">In order of time.</param>
    /// <param name="y">Targets.</param>
    /// <param name="noise">Variance that y is known to have anyway: a fit closer than that is luck, and no evidence.</param>
    /// <returns>How many points to leave out; the fewest among equals, 0 where there are too few to choose.</returns>
    public static int Select(IReadOnlyList<double> x, IReadOnlyList<double> y, double noise)
    {
        var n = x.Count;
        if (n <= LeastPoints) return 0;
        var floor = Math.Max(noise, 1e-12);
        return Enumerable.Range(0, n - LeastPoints + 1)
            .MinBy(skip => (n * Math.Log(Math.Max(ResidualSum(x, y, skip) / n, floor))) + ((2 + skip) * Math.Log(n)));
    }

    private static double ResidualSum(IReadOnlyList<double> x, IReadOnlyList<double> y, int skip)
    {
        var (meanX, meanY) = (x.Skip(skip).Average(), y.Skip(skip).Average());
        double xx = 0, xy = 0, yy = 0;
        for (var i = skip; i < x.Count; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        return xx > 0 ? Math.Max(0, yy - (xy * xy / xx)) : yy;
    }
}
