using MathNet.Numerics.Distributions;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Draws of independent standard normal variates, kept for the next posterior of as many quantities: making them takes longer than using them.</summary>
/// <param name="seed">The same seed, the same draws.</param>
/// <param name="count">How many draws, at least 1.</param>
internal sealed class StandardNormalDraws(int seed, int count)
{
    /// <summary>Replaced as a whole, so that threads which come at the same time at worst make the same draws twice.</summary>
    private double[][]? _latest;

    /// <returns>One row of so many variates per draw; not to be written to.</returns>
    public double[][] Of(int quantities)
    {
        var latest = _latest;
        if (latest is null || latest[0].Length != quantities) _latest = latest = Draw(quantities);
        return latest;
    }

    private double[][] Draw(int quantities)
    {
        var random = new Random(seed);
        var draws = new double[count][];
        for (var draw = 0; draw < count; draw++)
        {
            draws[draw] = new double[quantities];
            Normal.Samples(random, draws[draw], 0, 1);
        }
        return draws;
    }
}
