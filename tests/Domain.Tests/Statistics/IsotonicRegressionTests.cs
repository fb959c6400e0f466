using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class IsotonicRegressionTests
{
    [Fact]
    public void What_rises_stays_as_it_is_and_what_falls_is_levelled()
    {
        IsotonicRegression.Fit([1, 2, 2, 5]).ShouldBe([1, 2, 2, 5]);
        IsotonicRegression.Fit([3, 2, 1]).ShouldBe([2, 2, 2]);
        IsotonicRegression.Fit([]).ShouldBeEmpty();
    }

    /// <summary>By sklearn.isotonic.IsotonicRegression of scikit-learn 1.2.1.</summary>
    [Fact]
    public void Agrees_with_scikit_learn()
        => IsotonicRegression.Fit([.1, .4, .3, .35, .2, .6, .5, .9, .7, .8]).ShouldBe([.1, .3125, .3125, .3125, .3125, .55, .55, .8, .8, .8], 1e-12);
}
