using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance</c>: accuracies drift, jitter, and rise with falling β_eff, all candidates together (<see cref="DriftingCurves"/>
/// over the logarithm of the epoch). Whether an accuracy's change is drift or noise is learned from the job: with much noise a candidate
/// stands where its smoothed curve does, with little where it was last seen. From there β_eff says how much more than the others a
/// candidate may expect, and the average of all rises as a power law of the error. docs/method.md has the formulas.
/// </summary>
public sealed class NeuralCapacitancePredictor : IPredictor
{
    private const int LeastEpochs = 2;

    /// <summary>Learned, as all constants here, from five tasks: docs/experiments/prediction.md.</summary>
    private static readonly CurvePriors Priors = new(SlopeMean: -0.14, SlopeSd: 0.05, NoiseFreedom: 2, NoiseSd: 0.015);

    /// <summary>Variance of the drift per e-fold of epochs relative to the noise: a log-normal prior of this median and one unit of width, on a grid.</summary>
    private const double MedianDrift = 3;

    private static readonly double[] Drifts = [.. Enumerable.Range(0, 7).Select(i => Math.Pow(10, -1 + (i / 2.0)))];

    /// <summary>Exponent of the mean error's fall with the epoch, and how much it differs from task to task.</summary>
    private const double GrowthExponent = 0.14;

    private const double GrowthExponentSd = 0.045;

    public string Name => PredictorNames.NeuralCapacitance;

    public string IntervalMeaning =>
        "Gaussian interval of the final accuracy: the candidate's own drift, jitter, β_eff's slope, how much the common rise differs from task to "
        + "task, and the validation images. On the reference curves, 90 % intervals from 3, 5 and 8 epochs held the final accuracy in "
        + "89 %, 90 % and 98 % of the cases. They know nothing of tasks unlike these: small networks, 12 to 25 epochs; its "
        + "constants were learned from four of the six.";

    public Prediction Predict(PredictionInput input)
    {
        var curves = input.Candidates.Select(c => PooledCurve.WithBeta(c, input.Window)).ToList();
        var reasons = curves.Select(c => c.Shortage(LeastEpochs, input.Window)).ToList();
        var used = curves.Where((_, m) => reasons[m] is null).ToList();
        if (used.Count == 0) return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r!))], null);

        var posterior = Final(used, input.Epochs);
        return new Prediction([.. curves.Select((curve, m) => reasons[m] is { } r
            ? CandidatePrediction.Impossible(r)
            : new CandidatePrediction(posterior.Mean[used.IndexOf(curve)], curve.Epochs, null))], posterior);
    }

    /// <summary>The accuracies at the end of a training of so many epochs.</summary>
    private static JointPosterior Final(List<PooledCurve> curves, int epochs)
    {
        var set = Curves(curves);
        double last = curves.Max(c => c.Points[^1].Epoch);
        var share = Math.Min(1, last / epochs); // of the training that has been seen, and of the present β_eff that will remain: β_eff ∝ 1/t
        var now = set.Curves.Zip(curves, (set, curve) => set.Regressors[^1] * curve.Points[^1].Epoch / last).ToList();
        var mean = now.Average();
        var (standing, covariance) = Average(set, [.. now.Select(x => x + ((share - 1) * (x - mean)))], -Math.Log(share));

        // Error ∝ epoch^−α; how much the next task's α differs moves all candidates together.
        var error = 1 - Math.Clamp(standing.Average(), 0, 1);
        var left = Math.Pow(share, GrowthExponent);
        var common = GrowthExponentSd * error * left * -Math.Log(share);
        var final = standing.Add(error * (1 - left));
        var measured = Vector<double>.Build.Dense(curves.Count, m => BinomialNoise.Variance(final[m], curves[m].Points[^1].ValidationCount));
        return new JointPosterior(final, covariance.Add(common * common) + Matrix<double>.Build.DiagonalOfDiagonalVector(measured));
    }

    /// <summary>Over the drift's grid, by evidence; drift goes on for <paramref name="further"/> units of time.</summary>
    private static (Vector<double> Mean, Matrix<double> Covariance) Average(CurveSet set, double[] regressors, double further)
    {
        var fits = Array.ConvertAll(Drifts, drift => new DriftingCurves(set, drift, Priors));
        var scores = Array.ConvertAll(fits, fit => fit.LogEvidence - (0.5 * Math.Pow(Math.Log(fit.Drift / MedianDrift), 2)));
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - scores.Max()));
        var total = weights.Sum();
        var ends = Array.ConvertAll(fits, fit => fit.AtEnd(regressors));

        var mean = Vector<double>.Build.Dense(set.Curves.Count);
        foreach (var (weight, end) in weights.Zip(ends)) mean += weight / total * end.Mean;
        var covariance = Matrix<double>.Build.Dense(set.Curves.Count, set.Curves.Count);
        for (var i = 0; i < fits.Length; i++)
        {
            var off = ends[i].Mean - mean;
            var drifting = Matrix<double>.Build.DenseDiagonal(mean.Count, fits[i].NoiseVariance * fits[i].Drift * further);
            covariance += weights[i] / total * (ends[i].Covariance + drifting + off.OuterProduct(off));
        }
        return (mean, covariance);
    }

    private static CurveSet Curves(List<PooledCurve> curves)
    {
        var grid = curves.SelectMany(c => c.Epochs).Distinct().Order().ToList();
        var scale = curves.Max(c => c.Betas.Max());
        var noise = curves.ConvertAll(c => c.Points.Select((p, i) => Noise(p) / c.Repeats[i]).ToArray());
        var mean = noise.SelectMany(n => n).Average();
        return new CurveSet(
            [.. grid.Select(epoch => Math.Log(epoch))],
            [.. curves.Select((c, m) => new WeightedCurve(
                [.. c.Epochs.Select(epoch => grid.BinarySearch(epoch))],
                c.Accuracies,
                [.. c.Betas.Select(b => scale > 0 ? b / scale : 0)],
                Array.ConvertAll(noise[m], n => n / mean)))]);
    }

    /// <summary>Jitter is taken to be as uneven as binomial noise, p(1 − p); how large it is, the curves say.</summary>
    private static double Noise(CurvePoint point) => BinomialNoise.Variance(point.ValidationAccuracy, point.ValidationCount);
}
