using MathNet.Numerics.Distributions;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>
/// A weighted mean of parametric curves with Gaussian noise, y_i ~ N(Σ w_k f_k(x_i)/Σ w_k, σ²) (Domhan, Springenberg and Hutter 2015).
/// All parameters, σ and the weights are uncertain together: uniform prior with w ≥ 0, σ in [0.001, 1], and an end that is an accuracy
/// (within 0.05: near 1 the best fit may end a little above) and not below the second epoch. Later epochs count more, as 10^(i/n), scaled to a mean of 1 so that n epochs are no more evidence than n.
/// </summary>
internal sealed class LearningCurveEnsemble
{
    /// <summary>Of each curve at the start.</summary>
    private const double StartWeight = 10;

    /// <summary>A tenth of a point: no accuracy is measured better.</summary>
    private const double LeastNoise = 1e-3;

    private const double EndMargin = 0.05;

    /// <summary>Weighted root mean square error beyond which a curve does not fit: ten points.</summary>
    private const double MostDeviation = 0.1;

    /// <summary>Of two sums that are equal: the fits that the walkers start from must not fall to it.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Relative deviation of the walkers' start from the single fits.</summary>
    private const double StartSpread = 0.01;

    private readonly LearningCurveFit[] _fits;
    private readonly double[] _accuracies;
    private readonly double[] _weights;
    private readonly double[] _epochs;
    private readonly double[] _logs;
    private readonly int _curveParameters;

    private LearningCurveEnsemble(LearningCurveFit[] fits, double[] epochs, double[] accuracies, double[] weights, double horizon)
    {
        (_fits, _accuracies) = (fits, accuracies);
        _weights = Array.ConvertAll(weights, w => w / weights.Average());
        _epochs = [.. epochs, 2, horizon];
        _logs = Array.ConvertAll(_epochs, Math.Log);
        _curveParameters = fits.Sum(f => f.Parameters.Length);
    }

    public IReadOnlyList<LearningCurveFit> Fits => _fits;

    /// <summary>Curve parameters, σ, weights.</summary>
    public int Dimensions => _curveParameters + 1 + _fits.Length;

    /// <summary>Fits every curve alone and keeps those that fit, and end as the prior wants; null where none does.</summary>
    /// <param name="horizon">The epoch that is predicted, at least 2.</param>
    public static LearningCurveEnsemble? Fit(double[] epochs, double[] accuracies, double horizon, CancellationToken cancellationToken = default)
    {
        double[] weights = [.. epochs.Select((_, i) => Math.Pow(10, (double)i / epochs.Length))];
        LearningCurveFit[] fits = [.. LearningCurve.All
            .Select(OneFit)
            .Where(fit => fit is { Deviation: <= MostDeviation } && IsEnd(fit.Curve.At(horizon, fit.Parameters), fit.Curve.At(2, fit.Parameters)))
            .Select(fit => fit!)];
        return fits.Length == 0 ? null : new LearningCurveEnsemble(fits, epochs, accuracies, weights, horizon);

        LearningCurveFit? OneFit(LearningCurve curve)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LearningCurveFit.Of(curve, epochs, accuracies, weights);
        }
    }

    /// <summary>Mean and variance of the accuracy at the horizon, noise included.</summary>
    /// <param name="walkers">Even; at least twice <see cref="Dimensions"/>.</param>
    public (double Mean, double Variance) Predict(int walkers, SamplingPlan plan, int seed, CancellationToken cancellationToken = default)
    {
        var draws = EnsembleSampler.Run(LogDensity, Start(walkers, new Random(seed)), plan, seed, cancellationToken).Draws;
        var ends = draws.Select(theta => Combined(theta, _epochs.Length - 1)).ToList();
        var mean = ends.Average();
        return (mean, ends.Average(end => (end - mean) * (end - mean)) + draws.Average(theta => theta[_curveParameters] * theta[_curveParameters]));
    }

    private double LogDensity(ReadOnlySpan<double> theta)
    {
        var noise = theta[_curveParameters];
        if (noise is not (>= LeastNoise and <= 1)) return double.NegativeInfinity;
        foreach (var weight in theta[(_curveParameters + 1)..])
            if (!(weight >= 0)) return double.NegativeInfinity;
        if (!IsEnd(Combined(theta, _epochs.Length - 1), Combined(theta, _epochs.Length - 2))) return double.NegativeInfinity;

        var density = -_accuracies.Length * Math.Log(noise);
        for (var i = 0; i < _accuracies.Length; i++)
        {
            var residual = (_accuracies[i] - Combined(theta, i)) / noise;
            density -= 0.5 * _weights[i] * residual * residual;
        }
        return double.IsFinite(density) ? density : double.NegativeInfinity;
    }

    private static bool IsEnd(double end, double second) => end is >= -EndMargin and <= 1 + EndMargin && end >= second - Rounding;

    /// <summary>The weighted mean of the curves at one of the epochs.</summary>
    private double Combined(ReadOnlySpan<double> theta, int epoch)
    {
        var (sum, weights, at) = (0.0, 0.0, 0);
        for (var k = 0; k < _fits.Length; k++)
        {
            var fit = _fits[k];
            var weight = theta[_curveParameters + 1 + k];
            sum += weight * fit.Curve.Function(_epochs[epoch], _logs[epoch], theta.Slice(at, fit.Parameters.Length));
            weights += weight;
            at += fit.Parameters.Length;
        }
        return sum / weights;
    }

    /// <summary>A ball round the single fits. A walker that falls where the density is 0 is drawn in until it does not.</summary>
    private double[][] Start(int walkers, Random random)
    {
        double[] centre = [.. _fits.SelectMany(f => f.Parameters), Math.Clamp(Noise(), 2 * LeastNoise, 0.5), .. _fits.Select(_ => StartWeight)];
        return [.. Enumerable.Range(0, walkers).Select(_ =>
        {
            double[] off = [.. centre.Select(value => StartSpread * (Math.Abs(value) + StartSpread) * Normal.Sample(random, 0, 1))];
            double[] walker;
            do
            {
                walker = [.. centre.Zip(off, (value, by) => value + by)];
                for (var i = 0; i < off.Length; i++) off[i] /= 2;
            }
            while (double.IsNegativeInfinity(LogDensity(walker)) && !walker.SequenceEqual(centre));
            return walker;
        })];
    }

    /// <summary>Weighted root mean square error of the plain mean of the fits.</summary>
    private double Noise()
    {
        var sum = 0.0;
        for (var i = 0; i < _accuracies.Length; i++)
            sum += _weights[i] * Math.Pow(_accuracies[i] - _fits.Average(f => f.Curve.At(_epochs[i], f.Parameters)), 2);
        return Math.Sqrt(sum / _accuracies.Length);
    }
}
