using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// How much further all candidates of a job go on the average, learned from the job: which of two shapes their mean curve has, its slope and its noise
/// (<see cref="GrowthShape"/>), are averaged over by evidence. With one shape alone, intervals failed on collections of images that it had not been fitted to.
/// docs/experiments/prediction.md has what the priors were learned from.
/// </summary>
internal static class MeanGrowth
{
    /// <param name="epochs">Increasing; of the curves together.</param>
    /// <param name="accuracies">Mean over the candidates at these epochs.</param>
    /// <param name="last">Epoch of the whole training.</param>
    /// <returns>The rise of the mean accuracy from the last of <paramref name="epochs"/> to there; never beyond an accuracy of 1 or below one of 0.</returns>
    public static Coefficient Rise(IReadOnlyList<int> epochs, IReadOnlyList<double> accuracies, int last)
    {
        double[] times = [.. epochs.Select(e => Math.Log(e))];
        var ahead = Math.Max(0, Math.Log(last) - times[^1]);
        var forecasts = GrowthShape.OfError.Forecasts(times, accuracies, ahead).Concat(GrowthShape.OfLogOdds.Forecasts(times, accuracies, ahead)).ToList();
        var greatest = forecasts.Max(f => f.LogEvidence);
        var (total, mean, square) = (0.0, 0.0, 0.0);
        foreach (var (logEvidence, rise, squaredRise) in forecasts)
        {
            var weight = Math.Exp(logEvidence - greatest);
            (total, mean, square) = (total + weight, mean + (weight * rise), square + (weight * squaredRise));
        }
        (mean, square) = (mean / total, square / total);
        return new Coefficient(mean, Math.Max(0, square - (mean * mean)));
    }
}
