using MathNet.Numerics.Distributions;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// How much further all candidates of a job go on the average, learned from the job: the logarithm of their mean error falls along the logarithm of the epoch with a
/// slope that the window shows, that wanders, and that on the way to the last epoch returns to what is usual (<see cref="DampedTrend"/>). Or it does not fall
/// at all: nothing is learned. How steep slopes are and how noisy mean errors are differs from task to task, and is averaged over by evidence.
/// docs/experiments/prediction.md has what the priors were learned from.
/// </summary>
internal static class MeanGrowth
{
    private static readonly DampedTrend Usual = new() { Slope = 0.105, SlopeSd = 0.235, Return = 1, Wander = 0.075, NoiseSd = 0.005 };

    /// <summary>Log-normal factors of what is usual, on grids: of slope, its spread and its wandering together, and of the noise.</summary>
    private static readonly (double Factor, double Weight)[] Slopes = Grid(9, reach: 2.5, spread: 0.2);

    private static readonly (double Factor, double Weight)[] Noises = Grid(5, reach: 2, spread: 0.6);

    /// <summary>That nothing is learned.</summary>
    private const double StandstillProbability = 0.09;

    /// <summary>An error of nothing has no logarithm.</summary>
    private const double LeastError = 1e-4;

    /// <summary>Nodes of equal weight that have the mean and variance of a standard normal.</summary>
    private static readonly double[] Nodes = EqualNodes(9);

    private static readonly (DampedTrend Trend, double LogWeight)[] Hypotheses =
    [
        .. from slope in Slopes from noise in Noises select (Scaled(slope.Factor, noise.Factor), Math.Log((1 - StandstillProbability) * slope.Weight * noise.Weight)),
        .. from noise in Noises select (Scaled(0, noise.Factor), Math.Log(StandstillProbability * noise.Weight)),
    ];

    /// <param name="epochs">Increasing; of the curves together.</param>
    /// <param name="accuracies">Mean over the candidates at these epochs.</param>
    /// <param name="last">Epoch of the whole training.</param>
    /// <returns>The rise of the mean accuracy from the last of <paramref name="epochs"/> to there; never beyond an accuracy of 1 or below one of 0.</returns>
    public static Coefficient Rise(IReadOnlyList<int> epochs, IReadOnlyList<double> accuracies, int last)
    {
        double[] times = [.. epochs.Select(e => Math.Log(e))];
        double[] levels = [.. accuracies.Select(a => Math.Log(Math.Clamp(1 - a, LeastError, 1)))];
        var ahead = Math.Max(0, Math.Log(last) - times[^1]);
        var forecasts = Array.ConvertAll(Hypotheses, h => h.Trend.Forecast(times, levels, ahead));
        var logWeights = forecasts.Zip(Hypotheses, (f, h) => f.LogEvidence + h.LogWeight).ToList();
        var greatest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - greatest))];
        var total = weights.Sum();
        var error = Math.Min(1, Math.Exp(forecasts.Zip(weights, (f, w) => w * f.Level).Sum() / total));

        var (left, square) = (0.0, 0.0); // moments of the share of the error that is left
        foreach (var (forecast, weight) in forecasts.Zip(weights))
        {
            foreach (var node in Nodes)
            {
                var share = Math.Min(1 / error, Math.Exp(-(forecast.Fall + (Math.Sqrt(forecast.Variance) * node))));
                left += weight * share / (total * Nodes.Length);
                square += weight * share * share / (total * Nodes.Length);
            }
        }
        return new Coefficient(error * (1 - left), error * error * Math.Max(0, square - (left * left)));
    }

    private static DampedTrend Scaled(double slope, double noise) => Usual with
    {
        Slope = Usual.Slope * slope, SlopeSd = Usual.SlopeSd * slope, Wander = Usual.Wander * slope, NoiseSd = Usual.NoiseSd * noise,
    };

    private static (double Factor, double Weight)[] Grid(int points, double reach, double spread)
    {
        double[] places = [.. Enumerable.Range(0, points).Select(i => -reach + (2 * reach * i / (points - 1)))];
        var total = places.Sum(z => Math.Exp(-0.5 * z * z));
        return [.. places.Select(z => (Math.Exp(spread * z), Math.Exp(-0.5 * z * z) / total))];
    }

    private static double[] EqualNodes(int count)
    {
        double[] quantiles = [.. Enumerable.Range(0, count).Select(i => Normal.InvCDF(0, 1, (i + 0.5) / count))];
        var deviation = Math.Sqrt(quantiles.Average(q => q * q));
        return Array.ConvertAll(quantiles, q => q / deviation);
    }
}
