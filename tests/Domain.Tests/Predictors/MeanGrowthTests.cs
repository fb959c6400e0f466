using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class MeanGrowthTests
{
    private static readonly int[] Epochs = [1, 2, 3, 4, 5];

    [Fact]
    public void Curves_that_rise_steeply_are_expected_to_rise_further_than_flat_ones()
    {
        var (steep, flat) = (Rise(.30, .42, .50, .56, .60), Rise(.55, .57, .58, .59, .60));

        steep.Mean.ShouldBeGreaterThan(flat.Mean + .03);
    }

    [Fact]
    public void What_has_not_learned_anything_is_hardly_expected_to_begin_and_that_is_not_sure()
    {
        var stuck = Rise(.020, .019, .021, .020, .020);

        stuck.Mean.ShouldBeInRange(0, .02);
        Math.Sqrt(stuck.Variance).ShouldBeGreaterThan(.005);
    }

    [Fact]
    public void Early_it_may_be_much_or_little()
    {
        double Sd(int last) => Math.Sqrt(MeanGrowth.Rise([1, 2], [.2, .3], last).Variance);

        Sd(100).ShouldBeGreaterThan(.05);
        Sd(3).ShouldBeLessThan(.02);
        Sd(2).ShouldBeLessThan(1e-6);
        MeanGrowth.Rise([1, 2], [.2, .3], 2).Mean.ShouldBe(0, 1e-9);
    }

    [Theory]
    [InlineData(.99, .995, .999)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(.9, .5, .1)]
    public void No_accuracy_leaves_its_range(double first, double second, double third)
    {
        var rise = MeanGrowth.Rise([1, 2, 3], [first, second, third], 1_000);

        (third + rise.Mean).ShouldBeInRange(0, 1 + 1e-3); // from the level that the curve lets expect, not from the last point
        double.IsFinite(rise.Variance).ShouldBeTrue();
    }

    private static Domain.Statistics.Coefficient Rise(params double[] accuracies) => MeanGrowth.Rise(Epochs, accuracies, 50);
}
