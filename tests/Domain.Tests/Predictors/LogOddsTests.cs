using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class LogOddsTests
{
    private static readonly Vector<double> Mean = Vector<double>.Build.Dense([-2, 0, 1.5]);

    private static readonly Matrix<double> Covariance = Matrix<double>.Build.DenseOfDiagonalArray([.04, .01, .09]);

    [Fact]
    public void The_mean_accuracy_is_the_one_expected_and_the_order_stays()
    {
        var accuracies = LogOdds.ToAccuracies(Mean, Covariance, expected: .8, variance: 0).Mean;

        accuracies.Average().ShouldBe(.8, 1e-6);
        accuracies.ShouldBe(accuracies.Order());
        Math.Log(accuracies[1] / (1 - accuracies[1])).ShouldBe(Math.Log(accuracies[0] / (1 - accuracies[0])) + 2, 1e-6);
    }

    [Fact]
    public void The_deviations_are_those_of_draws()
    {
        var posterior = LogOdds.ToAccuracies(Mean, Covariance, expected: .5, variance: .0004);
        var shift = Math.Log(posterior.Mean[1] / (1 - posterior.Mean[1]));
        var random = new Random(3);
        var draws = Enumerable.Range(0, 200_000).Select(_ => 1 / (1 + Math.Exp(-(shift + (.1 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)))))).ToList();

        // Of the second alone; what is not known of the mean comes on top, in proportion to how steep each is.
        var own = draws.Average(d => Math.Pow(d - draws.Average(), 2));
        var steepness = posterior.Mean.Map(LogOdds.Steepness);
        posterior.Covariance[1, 1].ShouldBe(own + (.0004 * Math.Pow(steepness[1] / steepness.Average(), 2)), .02 * posterior.Covariance[1, 1]);
        posterior.Covariance[0, 2].ShouldBe(.0004 * steepness[0] * steepness[2] / Math.Pow(steepness.Average(), 2), 1e-9);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1 - 1e-6)]
    public void At_the_ends_accuracies_stay_inside_and_are_never_certain(double expected)
    {
        var posterior = LogOdds.ToAccuracies(Mean, Covariance, expected, variance: 0);

        posterior.Mean.ShouldAllBe(p => p >= 0 && p <= 1);
        posterior.Covariance.Diagonal().ShouldAllBe(v => v > 0);
    }
}
