using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class JointPosteriorTests
{
    private const int Draws = 20_000;

    [Fact]
    public void The_interval_is_the_normal_one()
    {
        var (low, high) = JointPosterior.Independent([0.5, 0.7], [0.01, 0.04]).Interval(1, 0.95);

        low.ShouldBe(0.7 - (1.959963984540054 * 0.2), 1e-9);
        high.ShouldBe(0.7 + (1.959963984540054 * 0.2), 1e-9);
    }

    [Fact]
    public void Of_two_the_best_is_the_greater_one()
    {
        var posterior = JointPosterior.Independent([0.5, 0.6], [0.01, 0.02]);

        posterior.ProbabilityGreater(1, 0).ShouldBe(0.71814856917, 1e-9);
        var greatest = posterior.Greatest(seed: 3, Draws);
        greatest.Probability[1].ShouldBe(posterior.ProbabilityGreater(1, 0), 0.015);
        greatest.Probability.Sum().ShouldBe(1, 1e-12);
        // Clark 1961: E max = 0.5 Φ(−a) + 0.6 Φ(a) + θ φ(a), θ² = 0.03, a = 0.1/θ.
        greatest.ExpectedRegret.ShouldBe([0.1303058, 0.0303058], 0.002);
    }

    [Fact]
    public void What_is_common_to_all_does_not_blur_their_order()
    {
        var independent = JointPosterior.Independent([0.5, 0.52], [0.01, 0.01]);
        var correlated = new JointPosterior(independent.Mean, Matrix<double>.Build.DenseOfArray(new[,] { { 0.01, 0.0099 }, { 0.0099, 0.01 } }));

        independent.ProbabilityGreater(1, 0).ShouldBeLessThan(0.6);
        correlated.ProbabilityGreater(1, 0).ShouldBeGreaterThan(0.9);
        correlated.Greatest(seed: 3, Draws).Probability[1].ShouldBe(correlated.ProbabilityGreater(1, 0), 0.015);
    }

    [Fact]
    public void The_same_seed_gives_the_same_probabilities()
    {
        var posterior = JointPosterior.Independent([0.5, 0.52, 0.51], [0.01, 0.01, 0.01]);

        posterior.Greatest(5, 1_000).ShouldBeEquivalentTo(posterior.Greatest(5, 1_000));
    }
}
