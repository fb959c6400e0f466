using System.Runtime.InteropServices;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// A level that falls, seen with noise: y_i = ℓ(u_i) + η_i, dℓ = −α du, and a slope α that wanders but returns to its mean,
/// dα = k (μ − α) du + σ dW (an Ornstein-Uhlenbeck process). Harvey's damped local linear trend (Forecasting, Structural Time Series Models and the Kalman
/// Filter, 1989, section 2.3) in continuous time, so that the times may lie at any distance. The first level has a flat prior.
/// </summary>
internal sealed record DampedTrend
{
    /// <summary>μ.</summary>
    public required double Slope { get; init; }

    /// <summary>Standard deviation of α at the first time, around μ.</summary>
    public required double SlopeSd { get; init; }

    /// <summary>k, per unit of u; positive.</summary>
    public required double Return { get; init; }

    /// <summary>σ, per √u.</summary>
    public required double Wander { get; init; }

    /// <summary>Standard deviation of η; positive.</summary>
    public required double NoiseSd { get; init; }

    /// <summary>Runs the Kalman filter over the observations and forecasts the fall of the level after the last one.</summary>
    /// <param name="times">u, increasing; at least one.</param>
    /// <param name="levels">y.</param>
    /// <param name="ahead">How far after the last time; ≥ 0.</param>
    public TrendForecast Forecast(IReadOnlyList<double> times, IReadOnlyList<double> levels, double ahead)
    {
        var evidence = 0.0;
        var (level, slope) = (levels[0], Slope);
        var (varLevel, cross, varSlope) = (NoiseSd * NoiseSd, 0.0, SlopeSd * SlopeSd);
        for (var i = 1; i < times.Count; i++)
        {
            var step = Step.Of(times[i] - times[i - 1], Return);
            (level, slope) = (level - (step.Reach * slope) - (Slope * step.Rest), (step.Kept * slope) + (Slope * (1 - step.Kept)));
            var wander = Wander * Wander;
            (varLevel, cross, varSlope) = (
                varLevel - (2 * step.Reach * cross) + (step.Reach * step.Reach * varSlope) + (wander * step.LevelVariance),
                (step.Kept * (cross - (step.Reach * varSlope))) - (wander * step.Covariance),
                (step.Kept * step.Kept * varSlope) + (wander * step.SlopeVariance));

            var variance = varLevel + (NoiseSd * NoiseSd);
            var surprise = levels[i] - level;
            evidence -= 0.5 * (Math.Log(variance) + (surprise * surprise / variance));
            var (gainLevel, gainSlope) = (varLevel / variance, cross / variance);
            (level, slope) = (level + (gainLevel * surprise), slope + (gainSlope * surprise));
            (varLevel, cross, varSlope) = (varLevel * (1 - gainLevel), cross * (1 - gainLevel), varSlope - (gainSlope * cross));
        }
        var last = Step.Of(ahead, Return);
        return new TrendForecast(
            level,
            (Slope * last.Rest) + (last.Reach * slope),
            (last.Reach * last.Reach * varSlope) + (Wander * Wander * last.LevelVariance),
            evidence);
    }

    /// <summary>What the process does over a stretch of u, in units of σ² where it is a variance.</summary>
    /// <param name="Kept">Share of the slope's distance to μ that is left.</param>
    /// <param name="Reach">∫ of that share.</param>
    /// <param name="Rest">∫ of what is not left.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Step(double Kept, double Reach, double Rest, double SlopeVariance, double Covariance, double LevelVariance)
    {
        public static Step Of(double stretch, double k)
        {
            var kept = Math.Exp(-k * stretch);
            var reach = (1 - kept) / k;
            var slope = (1 - (kept * kept)) / (2 * k);
            return new Step(kept, reach, stretch - reach, slope, reach * reach / 2, (stretch - (2 * reach) + slope) / (k * k));
        }
    }
}

/// <param name="Level">Mean of ℓ at the last time.</param>
/// <param name="Fall">Mean of ℓ(last) − ℓ(last + ahead).</param>
/// <param name="Variance">Of it.</param>
/// <param name="LogEvidence">Of the observations, up to a constant.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrendForecast(double Level, double Fall, double Variance, double LogEvidence);
