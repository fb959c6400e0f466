using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class SplitRuleTests
{
    private static readonly int[] Labels = [.. Enumerable.Range(0, 1_000).Select(i => i < 700 ? 0 : i < 950 ? 1 : 2)];

    [Theory]
    [InlineData(null, 300)]
    [InlineData(0.1, 100)]
    [InlineData(250.0, 250)]
    public void Validation_images_are_set_aside_and_the_rest_is_trained_on(double? validation, int expected)
    {
        var split = SplitRule.Apply(Labels, validation, null, 1);
        split.Validation.Length.ShouldBe(expected);
        split.Train.Concat(split.Validation).Order().ShouldBe(Enumerable.Range(0, Labels.Length));
    }

    [Fact]
    public void No_more_than_15_000_images_are_set_aside_by_default()
        => SplitRule.Apply(new int[60_000], null, null, 1).Validation.Length.ShouldBe(15_000);

    [Fact]
    public void A_limit_takes_the_first_of_those_that_no_limit_would_take()
    {
        var all = SplitRule.Apply(Labels, 300, null, 1);
        var some = SplitRule.Apply(Labels, 300, 50, 1);
        some.Train.ShouldBe(all.Train[..50]);
        some.Validation.ShouldBe(all.Validation);
        SplitRule.Apply(Labels, 300, 5_000, 1).Train.ShouldBe(all.Train);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    public void Every_part_holds_the_classes_in_their_proportions(long seed)
    {
        var split = SplitRule.Apply(Labels, 300, 100, seed);
        Counts(split.Validation).ShouldBe([210, 75, 15], 2);
        Counts(split.Train).ShouldBe([70, 25, 5], 2);
    }

    [Fact]
    public void The_seed_decides_who_is_set_aside()
    {
        SplitRule.Apply(Labels, 300, null, 1).Validation.ShouldBe(SplitRule.Apply(Labels, 300, null, 1).Validation);
        var common = SplitRule.Apply(Labels, 300, null, 1).Validation.Intersect(SplitRule.Apply(Labels, 300, null, 2).Validation).Count();
        common.ShouldBeInRange(60, 120); // 90 expected
    }

    [Theory]
    [InlineData(1_000.0)]
    [InlineData(0.0001)]
    [InlineData(0.9999)]
    public void A_split_with_nothing_on_one_side_is_refused(double validation)
        => Should.Throw<DatasetException>(() => SplitRule.Apply(Labels, validation, null, 1)).Message.ShouldContain("of the data set's 1000 training images");

    private static double[] Counts(int[] indices) => [.. Enumerable.Range(0, 3).Select(label => (double)indices.Count(i => Labels[i] == label))];
}
