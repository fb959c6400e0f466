using MathNet.Numerics.Distributions;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>A standard normal as a few numbers.</summary>
internal static class NormalNodes
{
    /// <returns>Quantiles at the middles of so many equal parts, scaled to a variance of 1; their mean is 0.</returns>
    public static double[] OfEqualWeight(int count)
    {
        double[] quantiles = [.. Enumerable.Range(0, count).Select(i => Normal.InvCDF(0, 1, (i + 0.5) / count))];
        var deviation = Math.Sqrt(quantiles.Average(q => q * q));
        return Array.ConvertAll(quantiles, q => q / deviation);
    }
}
