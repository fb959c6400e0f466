using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance</c>: where each candidate stands now, and how much further it goes. Accuracies drift and jitter around a course
/// that all candidates share (<see cref="DriftingCurves"/> over the logarithm of the epoch); whether a change is drift or jitter is learned
/// from the job, so that with much noise a candidate stands where its smoothed curve does, with little where it was last seen. From
/// there the average of all rises as a power law of the error, and each candidate's share of that rise goes with its
/// β_eff: who has more of it left has further to go. Scores measured before training, where there are any, join as a prior (<see cref="ScorePrior"/>).
/// docs/method.md has the formulas.
/// </summary>
public sealed class NeuralCapacitancePredictor : IPredictor
{
    private const int LeastEpochs = 2;

    /// <summary>Cost grows with the cube of the epochs; drift has long forgotten what thinning leaves out.</summary>
    private const int MostEpochs = 100;

    /// <summary>Learned, as all constants here, from the tuning tasks of docs/experiments/prediction.md.</summary>
    private static readonly NoisePrior Noise = new(Freedom: 2, Sd: 0.015);

    /// <summary>Variance of the drift per e-fold of epochs relative to the noise: a log-normal prior of this median and one unit of width, on a grid.</summary>
    private const double MedianDrift = 3;

    private static readonly double[] Drifts = [.. Enumerable.Range(0, 7).Select(i => Math.Pow(10, -1 + (i / 2.0)))];

    /// <summary>Exponent of the mean error's fall with the epoch, and how much it differs from task to task.</summary>
    private const double GrowthExponent = 0.105;

    private const double GrowthExponentSd = 0.032;

    /// <summary>By how much a candidate's rise exceeds the average one, relative to it, where its β_eff does; and how much that differs from task to task.</summary>
    private const double GrowthByBeta = 1.2;

    private const double GrowthByBetaSd = 0.45;

    /// <summary>Twice the average β_eff counts; more does not.</summary>
    private const double MostExcess = 1;

    /// <summary>
    /// Correlation between two candidates of what chance the validation images bring: they are the same ones, and many are hard, or easy, for both. Of the
    /// tuning tasks: their accuracies' differences from test accuracies vary inside a task half as much as binomial noise would.
    /// </summary>
    private const double SharedLuck = 0.5;

    public string Name => PredictorNames.NeuralCapacitance;

    public string IntervalMeaning =>
        "Gaussian interval of the final accuracy: the candidate's own drift, jitter, how much further all go and how that depends on β_eff, both as they "
        + "differ from task to task, and the validation images; narrowed by LogME, H-score and linear probe, where they were measured. On the reference curves, which have no such scores, 90 % intervals "
        + "from 3, 5 and 8 epochs held the final accuracy in 96 %, 91 % and 98 % of the cases; its constants were learned from four of the six. They know nothing of tasks unlike these: "
        + "small networks, 12 to 25 epochs.";

    public Prediction Predict(PredictionInput input) => input.Default?.Of(input, Compute) ?? Compute(input);

    private static Prediction Compute(PredictionInput input)
    {
        var curves = input.Candidates.Select(c => PooledCurve.WithBeta(c, input.Window).Thinned(MostEpochs)).ToList();
        var reasons = curves.Select(c => c.Shortage(LeastEpochs, input.Window)).ToList();
        var used = curves.Where((_, m) => reasons[m] is null).ToList();
        if (used.Count == 0) return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r!))], null);

        var onTheseImages = ScorePrior.Join(Final(used, input.Epochs), [.. input.Candidates.Where((_, m) => reasons[m] is null)]);
        var posterior = onTheseImages with { Covariance = onTheseImages.Covariance + Sampling(onTheseImages.Mean, used) };
        return new Prediction([.. curves.Select((curve, m) => reasons[m] is { } r
            ? CandidatePrediction.Impossible(r)
            : new CandidatePrediction(posterior.Mean[used.IndexOf(curve)], curve.Epochs, null))], posterior) { OnTheseImages = onTheseImages };
    }

    /// <summary>Covariance of what the chance of the validation images adds to accuracies; its diagonal is the binomial variance.</summary>
    private static Matrix<double> Sampling(Vector<double> accuracies, List<PooledCurve> curves)
    {
        var variances = Vector<double>.Build.Dense(curves.Count, m => BinomialNoise.Variance(accuracies[m], curves[m].Points[^1].ValidationCount));
        var deviations = variances.PointwiseSqrt();
        return (SharedLuck * deviations.OuterProduct(deviations)) + Matrix<double>.Build.DiagonalOfDiagonalVector((1 - SharedLuck) * variances);
    }

    /// <summary>The accuracies on the same validation images, noise of single epochs apart, at the end of a training of so many epochs.</summary>
    private static JointPosterior Final(List<PooledCurve> curves, int epochs)
    {
        double last = curves.Max(c => c.Points[^1].Epoch);
        var share = Math.Min(1, last / epochs); // of the training that has been seen
        var (standing, covariance) = Average(Curves(curves), -Math.Log(share));

        // Error ∝ epoch^−α on the average. How much α, and what β_eff makes of it, differ in this task from others moves candidates together.
        var error = 1 - Math.Clamp(standing.Average(), 0, 1);
        var left = Math.Pow(share, GrowthExponent);
        var rise = error * (1 - left);
        var excess = Excess(curves, last);
        var shares = (GrowthByBeta * excess) + 1;
        var final = standing + (rise * shares);
        var byExponent = GrowthExponentSd * error * left * -Math.Log(share) * shares;
        var byBeta = GrowthByBetaSd * rise * excess;
        return new JointPosterior(final, covariance + byExponent.OuterProduct(byExponent) + byBeta.OuterProduct(byBeta));
    }

    /// <summary>
    /// β_eff of each candidate at the last epoch over the mean of all, minus 1; one that is behind is taken forward by β_eff ∝ 1/t. Bounded, so that
    /// nobody is expected to fall, and that a network whose β_eff is large because it does not learn is not expected to soar.
    /// </summary>
    private static Vector<double> Excess(List<PooledCurve> curves, double last)
    {
        var betas = Vector<double>.Build.DenseOfEnumerable(curves.Select(c => c.Points[^1].BetaEff * c.Points[^1].Epoch / last));
        var mean = betas.Average();
        return mean > 0 ? betas.Map(b => Math.Clamp((b / mean) - 1, -1 / GrowthByBeta, MostExcess)) : Vector<double>.Build.Dense(curves.Count);
    }

    /// <summary>Where the candidates stand, over the drift's grid, by evidence; drift goes on for <paramref name="further"/> units of time.</summary>
    private static (Vector<double> Mean, Matrix<double> Covariance) Average(CurveSet set, double further)
    {
        var fits = Array.ConvertAll(Drifts, drift => new DriftingCurves(set, drift, Noise));
        var scores = Array.ConvertAll(fits, fit => fit.LogEvidence - (0.5 * Math.Pow(Math.Log(fit.Drift / MedianDrift), 2)));
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - scores.Max()));
        var total = weights.Sum();
        var ends = Array.ConvertAll(fits, fit => fit.AtEnd());

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
        var noise = curves.ConvertAll(c => c.Points.Select((p, i) => Jitter(p) / c.Repeats[i]).ToArray());
        var mean = noise.SelectMany(n => n).Average();
        return new CurveSet(
            [.. grid.Select(epoch => Math.Log(epoch))],
            [.. curves.Select((c, m) => new WeightedCurve(
                [.. c.Epochs.Select(epoch => grid.BinarySearch(epoch))],
                c.Accuracies,
                Array.ConvertAll(noise[m], n => n / mean)))]);
    }

    /// <summary>Taken to be as uneven as binomial noise, p(1 − p); how large it is, the curves say.</summary>
    private static double Jitter(CurvePoint point) => BinomialNoise.Variance(point.ValidationAccuracy, point.ValidationCount);
}
