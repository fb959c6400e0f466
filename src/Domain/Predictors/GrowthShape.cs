using MathNet.Numerics;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// A way in which mean accuracies grow: on a scale h of its own they fall along the logarithm of the epoch as a <see cref="DampedTrend"/> does. How steep slopes are and how noisy
/// means are differs from task to task and is averaged over by evidence.
/// </summary>
internal sealed class GrowthShape
{
    /// <summary>That nothing is learned, and the level stays.</summary>
    private const double StandstillProbability = 0.07;

    /// <summary>Neither 0 nor 1 has a level.</summary>
    private const double Least = 1e-3;

    /// <summary>Nodes of equal weight that have the mean and variance of a standard normal.</summary>
    private static readonly double[] Nodes = NormalNodes.OfEqualWeight(9);

    private readonly Func<double, double> _level;
    private readonly Func<double, double> _accuracy;
    private readonly Func<double, double> _logDensity;
    private readonly (DampedTrend Trend, double LogWeight)[] _hypotheses;

    /// <param name="level">h of an accuracy; falls as it rises.</param>
    /// <param name="accuracy">Its inverse.</param>
    /// <param name="logDensity">ln |h'|: makes evidence of levels one of accuracies, so that shapes can be compared.</param>
    /// <param name="slopes">Width of the log-normal factor of the trend's slope, its spread and its wandering together.</param>
    private GrowthShape(Func<double, double> level, Func<double, double> accuracy, Func<double, double> logDensity, DampedTrend usual, double slopes)
    {
        (_level, _accuracy, _logDensity) = (level, accuracy, logDensity);
        var noises = Grid(5, reach: 2, spread: 0.6);
        _hypotheses =
        [
            .. from slope in Grid(9, reach: 2.5, slopes) from noise in noises select (Scaled(usual, slope.Factor, noise.Factor), Math.Log((1 - StandstillProbability) * slope.Weight * noise.Weight)),
            .. from noise in noises select (Scaled(usual, 0, noise.Factor), Math.Log(StandstillProbability * noise.Weight)),
        ];
    }

    /// <summary>The logarithm of the error falls: the law of networks that have begun to learn.</summary>
    public static GrowthShape OfError { get; } = new(
        a => Math.Log(1 - a),
        level => 1 - Math.Exp(Math.Min(0, level)),
        a => -Math.Log(1 - a),
        new DampedTrend { Slope = 0.115, SlopeSd = 0.15, Return = 1, Wander = 0.067, NoiseSd = 0.007 },
        slopes: 0.65);

    /// <summary>The log-odds rise: slowly at first, steeply in the middle, slowly at the end.</summary>
    public static GrowthShape OfLogOdds { get; } = new(
        a => -SpecialFunctions.Logit(a),
        level => SpecialFunctions.Logistic(-level),
        a => -Math.Log(a * (1 - a)),
        new DampedTrend { Slope = 0.19, SlopeSd = 0.38, Return = 1, Wander = 0.16, NoiseSd = 0.02 },
        slopes: 0.5);

    /// <param name="times">Logarithms of the epochs, increasing.</param>
    /// <param name="accuracies">Means at these times.</param>
    /// <param name="ahead">How far after the last time.</param>
    /// <returns>For each hypothesis its log evidence, prior included, and the first two moments of the rise until then.</returns>
    public IEnumerable<(double LogEvidence, double Rise, double Square)> Forecasts(IReadOnlyList<double> times, IReadOnlyList<double> accuracies, double ahead)
    {
        double[] bounded = [.. accuracies.Select(a => Math.Clamp(a, Least, 1 - Least))];
        var levels = Array.ConvertAll(bounded, a => _level(a));
        var density = bounded.Skip(1).Sum(_logDensity);
        foreach (var (trend, logWeight) in _hypotheses)
        {
            var forecast = trend.Forecast(times, levels, ahead);
            var now = _accuracy(forecast.Level);
            var rises = Array.ConvertAll(Nodes, node => _accuracy(forecast.Level - forecast.Fall - (Math.Sqrt(forecast.Variance) * node)) - now);
            yield return (forecast.LogEvidence + density + logWeight, rises.Average(), rises.Average(r => r * r));
        }
    }

    private static DampedTrend Scaled(DampedTrend usual, double slope, double noise) => usual with
    {
        Slope = usual.Slope * slope, SlopeSd = usual.SlopeSd * slope, Wander = usual.Wander * slope, NoiseSd = usual.NoiseSd * noise,
    };

    private static (double Factor, double Weight)[] Grid(int points, double reach, double spread)
    {
        double[] places = [.. Enumerable.Range(0, points).Select(i => -reach + (2 * reach * i / (points - 1)))];
        var total = places.Sum(z => Math.Exp(-0.5 * z * z));
        return [.. places.Select(z => (Math.Exp(spread * z), Math.Exp(-0.5 * z * z) / total))];
    }
}
