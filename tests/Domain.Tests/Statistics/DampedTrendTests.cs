using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class DampedTrendTests
{
    private static readonly DampedTrend Trend = new() { Slope = 0.1, SlopeSd = 0.2, Return = 1, Wander = 0.05, NoiseSd = 0.001 };

    public static TheoryData<int> Cases => [0, 1, 2, 3];

    /// <summary>The reference has all times in one Gaussian and integrates the slope by the trapezoid rule on a fine grid (tools/goldens_prediction.py).</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_dense_linear_algebra(int index)
    {
        var golden = Golden.Read<Case>("damped-trend.json")[index];
        var trend = new DampedTrend { Slope = golden.Slope, SlopeSd = golden.SlopeSd, Return = golden.Return, Wander = golden.Wander, NoiseSd = golden.NoiseSd };

        var forecast = trend.Forecast(golden.Times, golden.Levels, golden.Ahead);

        forecast.Fall.ShouldBe(golden.Fall, 1e-5);
        forecast.Variance.ShouldBe(golden.Variance, 1e-5);
        forecast.LogEvidence.ShouldBe(golden.Evidence, 1e-3);
    }

    [Fact]
    public void A_slope_that_was_seen_goes_on_and_returns_to_the_usual_one()
    {
        double[] times = [0, 0.5, 1, 1.5], steep = [0, -0.25, -0.5, -0.75];

        Trend.Forecast(times, steep, 0.1).Fall.ShouldBeInRange(0.04, 0.05); // 0.05 if it went on, 0.01 if it were the usual one
        var far = Trend.Forecast(times, steep, 10).Fall - Trend.Forecast(times, steep, 9).Fall;
        far.ShouldBe(0.1, 0.002);
    }

    [Fact]
    public void The_further_the_less_sure_and_nothing_ahead_is_no_fall()
    {
        double[] times = [0, 0.5], levels = [0, -0.05];

        Trend.Forecast(times, levels, 2).Variance.ShouldBeGreaterThan(Trend.Forecast(times, levels, 1).Variance);
        (Trend.Forecast(times, levels, 0).Fall, Trend.Forecast(times, levels, 0).Variance).ShouldBe((0, 0));
    }

    internal sealed record Case(
        double[] Times, double[] Levels, double Ahead, double Slope, double SlopeSd, double Return, double Wander, double NoiseSd, double Fall, double Variance, double Evidence);
}
