using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class FurtherEpochsTests
{
    private const double Apart = 0.8;

    [Theory]
    [InlineData(0.01, 0.03, 0.004, 5, 100)]
    [InlineData(0.0, 0.05, 0.02, 3, 50)]
    [InlineData(-0.02, 0.04, 0.0, 10, 40)]
    public void The_number_is_the_first_after_which_simulated_jobs_are_told_apart_more_often_than_not(double gap, double sd, double lastingSd, int epoch, int last)
    {
        var more = FurtherEpochs.ToTellApart(gap, sd * sd, lastingSd * lastingSd, epoch, last, Apart).ShouldNotBeNull();

        Simulated(gap, sd, lastingSd, epoch, last, epoch + more).ShouldBeGreaterThan(0.48);
        if (more > 1) Simulated(gap, sd, lastingSd, epoch, last, epoch + more - 1).ShouldBeLessThan(0.52);
    }

    [Fact]
    public void The_chance_of_the_images_is_taken_away_by_no_epoch()
        => FurtherEpochs.ToTellApart(gap: 0.001, variance: 0.0004, lasting: 0.000399, epoch: 5, last: 100, Apart).ShouldBeNull();

    [Theory]
    [InlineData(0.0004, 0.0004)]
    [InlineData(0.0004, 0.0005)]
    [InlineData(0, 0)]
    public void Nothing_passing_is_no_number(double variance, double lasting) => FurtherEpochs.ToTellApart(0.01, variance, lasting, 5, 100, Apart).ShouldBeNull();

    [Fact]
    public void A_wider_gap_needs_no_more_epochs()
    {
        var needed = new[] { 0.0, 0.01, 0.02, 0.03 }.Select(gap => FurtherEpochs.ToTellApart(gap, 0.0016, 0.0001, 5, 200, Apart)).ToList();

        needed.ShouldAllBe(n => n != null);
        needed.Zip(needed.Skip(1)).ShouldAllBe(pair => pair.First >= pair.Second);
    }

    /// <summary>Draws the difference's course as a Brownian motion in the logarithm of the epoch, and counts how often it is told apart at an epoch.</summary>
    private static double Simulated(double gap, double sd, double lastingSd, int epoch, int last, int at)
    {
        const int jobs = 40_000;
        var random = new Random(7);
        var passing = (sd * sd) - (lastingSd * lastingSd);
        var perLog = passing / Math.Log((double)last / epoch);
        var shown = Math.Sqrt(perLog * Math.Log((double)at / epoch));
        var left = Math.Sqrt((perLog * Math.Log((double)last / at)) + (lastingSd * lastingSd));
        return Enumerable.Range(0, jobs).Count(_ =>
        {
            var mean = gap + (shown * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            return MathNet.Numerics.Distributions.Normal.CDF(0, 1, Math.Abs(mean) / left) >= Apart;
        }) / (double)jobs;
    }
}
