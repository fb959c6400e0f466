using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>A joint Gaussian of several predicted quantities, noise included.</summary>
/// <param name="Mean">m.</param>
/// <param name="Covariance">m×m, positive definite.</param>
public sealed record JointPosterior(Vector<double> Mean, Matrix<double> Covariance)
{
    /// <summary>Independent quantities.</summary>
    public static JointPosterior Independent(IReadOnlyList<double> means, IReadOnlyList<double> variances)
        => new(Vector<double>.Build.DenseOfEnumerable(means), Matrix<double>.Build.DenseOfDiagonalArray([.. variances]));

    /// <summary>The central interval of one quantity.</summary>
    /// <param name="confidence">In (0, 1).</param>
    public (double Low, double High) Interval(int index, double confidence)
    {
        var half = Normal.InvCDF(0, 1, 0.5 + (confidence / 2)) * Math.Sqrt(Covariance[index, index]);
        return (Mean[index] - half, Mean[index] + half);
    }

    /// <summary>P(quantity <paramref name="a"/> &gt; quantity <paramref name="b"/>), exactly.</summary>
    public double ProbabilityGreater(int a, int b)
    {
        var variance = Covariance[a, a] + Covariance[b, b] - (2 * Covariance[a, b]);
        return Normal.CDF(0, 1, (Mean[a] - Mean[b]) / Math.Sqrt(variance));
    }

    /// <summary>Which quantity is the greatest, by joint draws: standard errors are at most 0.5/√draws of a probability.</summary>
    public Greatest Greatest(int seed, int draws)
    {
        var factor = Covariance.Cholesky().Factor.ToArray();
        var mean = Mean.ToArray();
        var random = new Random(seed);
        var z = new double[mean.Length];
        var wins = new int[mean.Length];
        var lead = 0.0; // over the greatest mean, which as a control variate takes most of the draws' noise away
        for (var draw = 0; draw < draws; draw++)
        {
            Normal.Samples(random, z, 0, 1);
            var (best, value, favourite) = Draw(mean, factor, z);
            wins[best]++;
            lead += value - favourite;
        }
        return new Greatest([.. wins.Select(w => (double)w / draws)], [.. mean.Select(m => mean.Max() + (lead / draws) - m)]);
    }

    /// <returns>The greatest quantity of a draw, its value, and the value of the one with the greatest mean.</returns>
    private static (int Best, double Value, double Favourite) Draw(double[] mean, double[,] factor, double[] z)
    {
        var (best, greatest, favourite) = (0, double.NegativeInfinity, 0.0);
        var favoured = Array.IndexOf(mean, mean.Max());
        for (var i = 0; i < mean.Length; i++)
        {
            var value = mean[i];
            for (var j = 0; j <= i; j++) value += factor[i, j] * z[j];
            if (value > greatest) (best, greatest) = (i, value);
            if (i == favoured) favourite = value;
        }
        return (best, greatest, favourite);
    }
}

/// <param name="Probability">That the quantity is the greatest; they sum to 1.</param>
/// <param name="ExpectedRegret">Mean of the greatest minus this one; ≥ 0.</param>
public sealed record Greatest(IReadOnlyList<double> Probability, IReadOnlyList<double> ExpectedRegret);
