using NeuralCapacitance.Domain.Curves;

namespace NeuralCapacitance.Domain.Tests.Curves;

public sealed class GranularityTests
{
    [Theory]
    [InlineData(2_000)]
    [InlineData(2_500)]
    [InlineData(1_500)]
    public void The_number_of_images_shows_in_the_accuracies(int images)
    {
        double[] accuracies = [.. new[] { 0.31, 0.4567, 0.5, 0.701, 0.733, 0.81 }.Select(a => Math.Round(Math.Round(a * images) / images, 9)), 1.0 / images];

        Granularity.CommonCount(accuracies).ShouldBe(images);
    }

    [Fact]
    public void Accuracies_that_are_no_shares_of_few_images_tell_nothing()
    {
        Granularity.CommonCount([]).ShouldBeNull();
        Granularity.CommonCount([0, 1, 1]).ShouldBeNull();
        Granularity.CommonCount([0.3141592653589, 0.2718281828459, 0.5772156649015]).ShouldBeNull();
    }
}
