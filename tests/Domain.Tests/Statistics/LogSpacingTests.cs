using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class LogSpacingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void No_more_than_wanted_are_all_kept(int count)
        => LogSpacing.Positions([.. Enumerable.Range(1, count)], 50).ShouldBe(Enumerable.Range(0, count));

    [Theory]
    [InlineData(0, 51)]
    [InlineData(1, 51)]
    [InlineData(1, 60)]
    [InlineData(1, 200)]
    [InlineData(1, 10_000)]
    [InlineData(900, 100)]
    public void More_are_thinned_from_the_first_to_the_last(int first, int count)
    {
        var positions = LogSpacing.Positions([.. Enumerable.Range(first, count)], 50);

        positions.Length.ShouldBe(50);
        positions[0].ShouldBe(0);
        positions[^1].ShouldBe(count - 1);
        positions.Zip(positions.Skip(1)).ShouldAllBe(p => p.First < p.Second);
    }

    [Fact]
    public void Late_epochs_are_further_apart_than_early_ones()
    {
        var positions = LogSpacing.Positions([.. Enumerable.Range(1, 1_000)], 50);

        positions[..5].ShouldBe([0, 1, 2, 3, 4]);
        (positions[^1] - positions[^2]).ShouldBeGreaterThan(50);
    }
}
