using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class EnsembleSamplerTests
{
    private static readonly SamplingPlan Plan = new(Steps: 3_000, BurnIn: 500, Thin: 5);

    [Fact]
    public void A_correlated_gaussian_is_recovered()
    {
        var mean = Vector<double>.Build.Dense([1, -2, 0.5]);
        var covariance = Matrix<double>.Build.DenseOfArray(new[,] { { 4, 1.5, 0 }, { 1.5, 1, -0.02 }, { 0, -0.02, 0.01 } });

        var sample = EnsembleSampler.Run(Gaussian(mean, covariance), Ball(40, [0, 0, 0], 0.1), Plan, seed: 1);

        sample.AcceptedShare.ShouldBeInRange(0.3, 0.8);
        sample.Draws.Count.ShouldBe(40 * 500);
        for (var i = 0; i < 3; i++)
        {
            sample.Draws.Average(x => x[i]).ShouldBe(mean[i], 0.1 * Math.Sqrt(covariance[i, i]));
            for (var j = 0; j < 3; j++)
            {
                sample.Draws.Average(x => (x[i] - mean[i]) * (x[j] - mean[j]))
                    .ShouldBe(covariance[i, j], 0.12 * Math.Sqrt(covariance[i, i] * covariance[j, j]));
            }
        }
    }

    [Fact]
    public void Linear_coordinates_do_not_matter()
    {
        // Scaled by powers of two, so that rounding is the same too.
        var unit = Matrix<double>.Build.DenseIdentity(2);
        var scaled = Matrix<double>.Build.DenseOfDiagonalArray([1024.0 * 1024.0, 0.125 * 0.125]);
        var zero = Vector<double>.Build.Dense(2);
        var plan = new SamplingPlan(50, 0, 1);
        var start = Ball(10, [0, 0], 1);

        var draws = EnsembleSampler.Run(Gaussian(zero, unit), start, plan, seed: 2).Draws;
        var others = EnsembleSampler.Run(Gaussian(zero, scaled), [.. start.Select(x => new[] { x[0] * 1024, x[1] * 0.125 })], plan, seed: 2).Draws;

        others.SelectMany(x => new[] { x[0] / 1024, x[1] / 0.125 }).ShouldBe(draws.SelectMany(x => x), 1e-9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws_and_the_start_is_left_as_it_was()
    {
        var density = Gaussian(Vector<double>.Build.Dense(2), Matrix<double>.Build.DenseIdentity(2));
        var start = Ball(8, [3, 3], 1);
        var before = start.SelectMany(x => x).ToList();
        var plan = new SamplingPlan(20, 10, 2);

        var draws = EnsembleSampler.Run(density, start, plan, seed: 5).Draws;

        draws.Count.ShouldBe(8 * 5);
        EnsembleSampler.Run(density, start, plan, seed: 5).Draws.SelectMany(x => x).ShouldBe(draws.SelectMany(x => x));
        EnsembleSampler.Run(density, start, plan, seed: 6).Draws.SelectMany(x => x).ShouldNotBe(draws.SelectMany(x => x));
        start.SelectMany(x => x).ShouldBe(before);
    }

    [Fact]
    public void No_draw_leaves_the_support()
    {
        LogDensity density = x => x[0] is >= 0 and <= 1 ? 0 : double.NegativeInfinity;

        var draws = EnsembleSampler.Run(density, [.. Enumerable.Range(1, 20).Select(i => new[] { i / 40.0 })], Plan, seed: 3).Draws;

        draws.ShouldAllBe(x => x[0] >= 0 && x[0] <= 1);
        draws.Average(x => x[0]).ShouldBe(0.5, 0.03);
        draws.Average(x => Math.Pow(x[0] - 0.5, 2)).ShouldBe(1 / 12.0, 0.01);
    }

    [Fact]
    public void An_ensemble_that_cannot_move_is_refused()
    {
        var density = Gaussian(Vector<double>.Build.Dense(2), Matrix<double>.Build.DenseIdentity(2));

        Should.Throw<ArgumentException>(() => EnsembleSampler.Run(density, Ball(2, [0, 0], 1), Plan, 1)).Message.ShouldContain("2 walkers");
        Should.Throw<ArgumentException>(() => EnsembleSampler.Run(density, Ball(5, [0, 0], 1), Plan, 1)).Message.ShouldContain("5 walkers");
        Should.Throw<ArgumentException>(() => EnsembleSampler.Run(_ => double.NegativeInfinity, Ball(6, [0, 0], 1), Plan, 1)).Message.ShouldContain("density is 0");
    }

    private static double[][] Ball(int walkers, double[] centre, double radius)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, walkers).Select(_ => centre.Select(c => c + (radius * Normal.Sample(random, 0, 1))).ToArray())];
    }

    private static LogDensity Gaussian(Vector<double> mean, Matrix<double> covariance)
    {
        var precision = covariance.Inverse();
        return x =>
        {
            var off = Vector<double>.Build.Dense(x.ToArray()) - mean;
            return -0.5 * (off * precision * off);
        };
    }
}
