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

    /// <summary>P(best) of each quantity: how often it is the greatest of a joint draw. Standard error at most 0.5/√draws.</summary>
    public double[] ProbabilityBest(int seed, int draws)
    {
        var factor = Covariance.Cholesky().Factor.ToArray();
        var mean = Mean.ToArray();
        var random = new Random(seed);
        var z = new double[mean.Length];
        var wins = new int[mean.Length];
        for (var draw = 0; draw < draws; draw++)
        {
            Normal.Samples(random, z, 0, 1);
            wins[Greatest(mean, factor, z)]++;
        }
        return [.. wins.Select(w => (double)w / draws)];
    }

    private static int Greatest(double[] mean, double[,] factor, double[] z)
    {
        var (best, greatest) = (0, double.NegativeInfinity);
        for (var i = 0; i < mean.Length; i++)
        {
            var value = mean[i];
            for (var j = 0; j <= i; j++) value += factor[i, j] * z[j];
            if (value > greatest) (best, greatest) = (i, value);
        }
        return best;
    }
}
