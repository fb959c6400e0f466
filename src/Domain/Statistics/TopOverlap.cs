namespace NeuralCapacitance.Domain.Statistics;

/// <summary>How much of the true top a ranking has in its own: precision at k, |top k of x ∩ top k of y| / k.</summary>
public static class TopOverlap
{
    /// <summary>
    /// In [0, 1]. Where the k-th place is tied, the value expected when ties are broken by lot, on both sides independently. Null with no
    /// more than k pairs, where it could be nothing but 1.
    /// </summary>
    public static double? Precision(IReadOnlyList<double> x, IReadOnlyList<double> y, int k)
        => x.Count <= k ? null : Enumerable.Range(0, x.Count).Sum(i => InTop(x, i, k) * InTop(y, i, k)) / k;

    /// <summary>Probability that value i is among the k greatest.</summary>
    private static double InTop(IReadOnlyList<double> values, int i, int k)
    {
        var (greater, equal) = (values.Count(v => v > values[i]), values.Count(v => v.Equals(values[i])));
        return Math.Clamp((double)(k - greater) / equal, 0, 1);
    }
}
