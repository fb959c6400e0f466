using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// The curve of a candidate: at each epoch the mean over the repeats that have reached it. Means, not stacked rows: the epochs of one
/// repeat share its luck, so rows of their own would make intervals too narrow. For the same reason the number of images behind an
/// accuracy does not grow with the repeats: all of a job's trials are judged on the same validation images.
/// </summary>
internal sealed class PooledCurve
{
    private PooledCurve(IReadOnlyList<CurvePoint> points, IReadOnlyList<int> repeats, IReadOnlyList<int> spoiltEpochs)
    {
        Points = points;
        Repeats = repeats;
        SpoiltEpochs = spoiltEpochs;
    }

    /// <summary>In order of epochs.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    /// <summary>How many repeats each point is the mean of.</summary>
    public IReadOnlyList<int> Repeats { get; }

    /// <summary>Epochs of which no repeat has a finite β_eff ≥ 0 and an accuracy in [0, 1].</summary>
    public IReadOnlyList<int> SpoiltEpochs { get; }

    public IReadOnlyList<int> Epochs => [.. Points.Select(p => p.Epoch)];

    public double[] Betas => [.. Points.Select(p => p.BetaEff)];

    public double[] Accuracies => [.. Points.Select(p => p.ValidationAccuracy)];

    /// <summary>Pools with β_eff: an epoch counts where both β_eff and accuracy are sound.</summary>
    public static PooledCurve WithBeta(CandidateCurves curves, Window window)
        => Pool(curves, window.FirstEpoch, window.LastEpoch, p => double.IsFinite(p.BetaEff) && p.BetaEff >= 0 && HasAccuracy(p));

    /// <summary>Pools accuracies alone: β_eff may be anything.</summary>
    public static PooledCurve OfAccuracies(CandidateCurves curves, int firstEpoch, int lastEpoch)
        => Pool(curves, firstEpoch, lastEpoch, HasAccuracy);

    private static bool HasAccuracy(CurvePoint point) => point.ValidationAccuracy is >= 0 and <= 1;

    private static PooledCurve Pool(CandidateCurves curves, int firstEpoch, int lastEpoch, Func<CurvePoint, bool> isSound)
    {
        var soundAt = new Dictionary<int, List<CurvePoint>>();
        foreach (var points in curves.Repeats)
        {
            foreach (var point in points)
            {
                if (point.Epoch < firstEpoch || point.Epoch > lastEpoch) continue;
                if (!soundAt.TryGetValue(point.Epoch, out var there)) soundAt[point.Epoch] = there = [];
                if (isSound(point)) there.Add(point);
            }
        }
        var epochs = soundAt.OrderBy(epoch => epoch.Key).ToList();
        var sound = epochs.FindAll(epoch => epoch.Value.Count > 0);
        return new PooledCurve(
            [.. sound.Select(epoch => Mean(epoch.Key, epoch.Value))],
            [.. sound.Select(epoch => epoch.Value.Count)],
            [.. epochs.Where(epoch => epoch.Value.Count == 0).Select(epoch => epoch.Key)]);
    }

    private static CurvePoint Mean(int epoch, List<CurvePoint> points)
    {
        var (beta, accuracy, images) = (0.0, 0.0, 0L);
        foreach (var point in points)
        {
            beta += point.BetaEff / points.Count; // a sum of huge ones would overflow
            accuracy += point.ValidationAccuracy;
            images += point.ValidationCount;
        }
        return new CurvePoint(epoch, beta, accuracy / points.Count, (int)(images / points.Count)) { TestCount = points[0].TestCount };
    }

    /// <summary>
    /// Each accuracy averaged with the best so far: an epoch that falls behind an earlier one is more often a dip that comes back than a loss that lasts (docs/experiments/prediction.md).
    /// </summary>
    public PooledCurve Steadied()
    {
        var best = 0.0;
        return new PooledCurve(
            [.. Points.Select(p => p with { ValidationAccuracy = (p.ValidationAccuracy + (best = Math.Max(best, p.ValidationAccuracy))) / 2 })],
            Repeats,
            SpoiltEpochs);
    }

    /// <summary>At most so many points, as <see cref="LogSpacing"/> chooses them.</summary>
    public PooledCurve Thinned(int most)
    {
        if (Points.Count <= most) return this;
        var kept = LogSpacing.Positions(Epochs, most);
        return new PooledCurve([.. kept.Select(i => Points[i])], [.. kept.Select(i => Repeats[i])], SpoiltEpochs);
    }

    /// <summary>Why the curve is too short, or null where it has enough points.</summary>
    public string? Shortage(int least, Window window)
    {
        if (Points.Count >= least) return null;
        var spoilt = SpoiltEpochs.Count == 0 ? "" : $"; β_eff or accuracy not finite or out of range at epoch {string.Join(", ", SpoiltEpochs)}";
        return Points.Count == 0 && spoilt.Length == 0
            ? $"no epoch from {window.FirstEpoch} to {window.LastEpoch} has been observed yet"
            : $"too few epochs: {Points.Count} usable from {window.FirstEpoch} to {window.LastEpoch}, {least} needed{spoilt}";
    }
}
