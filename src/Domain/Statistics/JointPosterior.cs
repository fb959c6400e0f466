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

    /// <summary>
    /// Joined with another Gaussian of the same quantities that knows of their differences only: the product of both, the other's level being unknown.
    /// </summary>
    /// <param name="mean">Of the other; adding the same number to all changes nothing.</param>
    /// <param name="covariance">Of the other.</param>
    public JointPosterior JoinedUpToLevel(Vector<double> mean, Matrix<double> covariance)
    {
        if (mean.Count < 2) return this;
        // Differences to the first, taken for an observation: no inverse of either covariance, which may be near to singular or very wide.
        var differences = Matrix<double>.Build.Dense(mean.Count - 1, mean.Count, (i, j) => j == 0 ? -1 : j == i + 1 ? 1 : 0);
        var crossed = differences * Covariance;
        var gain = (differences * (Covariance + covariance) * differences.Transpose()).Cholesky().Solve(crossed).Transpose();
        var joined = Covariance - (gain * crossed);
        return new JointPosterior(Mean + (gain * differences * (mean - Mean)), (joined + joined.Transpose()) / 2);
    }

    /// <summary>The mean over all orders of the quantities of each group: those of one group then differ in nothing, and no other quantity tells them apart.</summary>
    /// <param name="groups">Indices; a quantity is in one group at most.</param>
    public JointPosterior Exchangeable(IReadOnlyList<IReadOnlyList<int>> groups)
    {
        var (mean, covariance) = (Mean.Clone(), Covariance.Clone());
        foreach (var group in groups)
        {
            var (expected, variance) = (group.Average(i => mean[i]), group.Average(i => covariance[i, i]));
            var shared = group.SelectMany(i => group, (i, j) => (i, j)).Where(pair => pair.i != pair.j).Average(pair => covariance[pair.i, pair.j]);
            for (var k = 0; k < mean.Count; k++)
            {
                if (group.Contains(k)) continue;
                var with = group.Average(i => covariance[i, k]);
                foreach (var i in group) covariance[i, k] = covariance[k, i] = with;
            }
            foreach (var i in group)
            {
                mean[i] = expected;
                foreach (var j in group) covariance[i, j] = i == j ? variance : shared;
            }
        }
        return new JointPosterior(mean, covariance);
    }

    /// <summary>P(quantity <paramref name="a"/> &gt; quantity <paramref name="b"/>), exactly.</summary>
    public double ProbabilityGreater(int a, int b)
    {
        var variance = Covariance[a, a] + Covariance[b, b] - (2 * Covariance[a, b]);
        return Normal.CDF(0, 1, (Mean[a] - Mean[b]) / Math.Sqrt(variance));
    }

    /// <summary>Which quantity is the greatest, by joint draws: standard errors are at most 0.5/√draws of a probability.</summary>
    public Greatest Greatest(int seed, int draws) => Greatest(new StandardNormalDraws(seed, draws));

    internal Greatest Greatest(StandardNormalDraws normals)
    {
        var mean = Mean.ToArray();
        var factor = Covariance.Cholesky().Factor.ToRowArrays();
        var favoured = Array.IndexOf(mean, mean.Max());
        var wins = new int[mean.Length];
        var lead = 0.0; // over the greatest mean, which as a control variate takes most of the draws' noise away
        var draws = normals.Of(mean.Length);
        foreach (var z in draws)
        {
            var (best, value, favourite) = Draw(mean, factor, z, favoured);
            wins[best]++;
            lead += value - favourite;
        }
        return new Greatest([.. wins.Select(w => (double)w / draws.Length)], [.. mean.Select(m => mean[favoured] + (lead / draws.Length) - m)]);
    }

    /// <returns>The greatest quantity of a draw, its value, and the value of the one with the greatest mean.</returns>
    private static (int Best, double Value, double Favourite) Draw(double[] mean, double[][] factor, double[] z, int favoured)
    {
        var (best, greatest, favourite) = (0, double.NegativeInfinity, 0.0);
        for (var i = 0; i < mean.Length; i++)
        {
            var value = mean[i];
            var row = factor[i];
            for (var j = 0; j <= i; j++) value += row[j] * z[j];
            if (value > greatest) (best, greatest) = (i, value);
            if (i == favoured) favourite = value;
        }
        return (best, greatest, favourite);
    }
}

/// <param name="Probability">That the quantity is the greatest; they sum to 1.</param>
/// <param name="ExpectedRegret">Mean of the greatest minus this one; ≥ 0.</param>
public sealed record Greatest(IReadOnlyList<double> Probability, IReadOnlyList<double> ExpectedRegret);
