using MathNet.Numerics.Distributions;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// What further epochs would show of the difference of two final accuracies. Its variance has a part that lasts (which images there are to judge by) and one that
/// passes: as in <see cref="DriftingCurves"/>, what is still unknown of a course shrinks with the logarithm of the epochs ahead. Before they are seen, the
/// mean that they will lead to is itself uncertain by as much as they take away: of the passing part 1 − ln(T/t') / ln(T/t) after epoch t' of T, t being the last
/// observed. With p of the variance v taken away, the chance that two with the expected difference g are told apart is Φ((g − z √(v − p)) / √p) +
/// Φ((−g − z √(v − p)) / √p), z being the normal quantile of the probability asked for.
/// </summary>
public static class FurtherEpochs
{
    private const double EvenChance = 0.5;

    /// <summary>The least number of epochs after which it is at least an even chance that one quantity is greater with the probability asked for.</summary>
    /// <param name="gap">Expected difference.</param>
    /// <param name="variance">Of the difference, now.</param>
    /// <param name="lasting">The part of it that no epoch takes away.</param>
    /// <param name="epoch">The last that has been observed, ≥ 1.</param>
    /// <param name="last">Of the training.</param>
    /// <param name="apart">Probability asked for, in (0.5, 1).</param>
    /// <returns>Null: not even at the last epoch.</returns>
    public static int? ToTellApart(double gap, double variance, double lasting, int epoch, int last, double apart)
    {
        var passing = variance - Math.Max(0, lasting);
        if (epoch < 1 || !(passing > 0)) return null;
        var needed = Normal.InvCDF(0, 1, apart);
        for (var t = epoch + 1; t <= last; t++)
        {
            var ahead = Math.Log((double)last / t) / Math.Log((double)last / epoch);
            var shown = Math.Sqrt(passing * (1 - ahead));
            var bound = needed * Math.Sqrt(variance - (passing * (1 - ahead)));
            var chance = Normal.CDF(0, 1, (gap - bound) / shown) + Normal.CDF(0, 1, (-gap - bound) / shown);
            if (chance >= EvenChance) return t - epoch;
        }
        return null;
    }
}
