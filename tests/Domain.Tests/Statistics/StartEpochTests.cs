using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class StartEpochTests
{
    private const double Noise = 1e-4;
    private static readonly double[] X = [1, .8, .7, .6, .5, .45, .4, .35];

    [Fact]
    public void A_line_loses_no_epoch() => StartEpoch.Select(X, [.. X.Select(x => 0.9 - (0.4 * x))], Noise).ShouldBe(0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Early_epochs_off_the_line_are_left_out(int off)
    {
        double[] y = [.. X.Select((x, i) => 0.9 - (0.4 * x) - (i < off ? 0.2 : 0))];

        StartEpoch.Select(X, y, Noise).ShouldBe(off);
    }

    [Fact]
    public void A_fit_closer_than_the_noise_is_no_evidence()
    {
        double[] y = [.51, .575, .625, .66, .70, .72, .74, .76];

        StartEpoch.Select(X, y, 0).ShouldBeGreaterThan(0);
        StartEpoch.Select(X, y, Noise).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Too_few_epochs_are_all_kept(int epochs) => StartEpoch.Select(X[..epochs], [.. X[..epochs].Select(x => x * x)], 0).ShouldBe(0);
}
