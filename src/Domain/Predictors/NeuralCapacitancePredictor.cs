using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance</c>: where each candidate stands now, and how much further it goes. Accuracies drift and jitter around a course
/// that all candidates share (<see cref="DriftingCurves"/> over the logarithm of the epoch); whether a change is drift or jitter is learned
/// from the job, so that with much noise a candidate stands where its smoothed curve does, with little where it was last seen. From
/// there the average of all rises as the job's own curves let expect (<see cref="MeanGrowth"/>), and each candidate's share of that rise goes with its
/// β_eff, as far as it has done so in the window: who has more of it left has further to go. What else is known of the candidates joins as a prior
/// (<see cref="SourcePrior"/>). docs/method.md has the formulas.
/// </summary>
public sealed class NeuralCapacitancePredictor : IPredictor
{
    private const int LeastEpochs = 2;

    /// <summary>Cost grows with the cube of the epochs; drift has long forgotten what thinning leaves out.</summary>
    private const int MostEpochs = 24;

    /// <summary>Learned, as all constants here, from the tuning tasks of docs/experiments/prediction.md.</summary>
    private static readonly NoisePrior Noise = new(Freedom: 2, Sd: 0.015);

    /// <summary>Variance of the drift per e-fold of epochs relative to the noise: a log-normal prior of this median and one unit of width, on a grid.</summary>
    private const double MedianDrift = 3;

    private static readonly double[] Drifts = [.. Enumerable.Range(0, 7).Select(i => Math.Pow(10, -1 + (i / 2.0)))];

    /// <summary>γ: by how much a candidate's rise exceeds the average one, relative to it, where its β_eff does. Wide: the window has the last word.</summary>
    private static readonly Coefficient GrowthByBeta = new(Mean: 0.8, Variance: 0.25);

    /// <summary>
    /// By how much, relative to the average gain, a candidate's own differs from what its β_eff lets expect: hardly, or so much that networks which have begun to learn
    /// leave behind those which have not. The window decides between the two. What it cannot show comes on top, for the rise ahead.
    /// </summary>
    private static readonly double[] OwnGrowthSds = [0, 0.7];

    private const double UnseenGrowthSd = 0.25;

    /// <summary>
    /// Correlation between two candidates of what chance the validation images bring: they are the same ones, and many are hard, or easy, for both. Of the
    /// tuning tasks: their accuracies' differences from test accuracies vary inside a task half as much as binomial noise would.
    /// </summary>
    private const double SharedLuck = 0.5;

    public string Name => PredictorNames.NeuralCapacitance;

    public string IntervalMeaning =>
        "Gaussian interval of the accuracy that will be measured on the test set: it rests on this job's own curves (their drift and jitter, how far they still rise "
        + "and how that has gone with β_eff) and on the chance of the validation and test images, under priors learned from other data sets. On the reference curves 90 % intervals from 3, 5 and 8 "
        + "epochs held the final accuracy in 97 %, 93 % and 100 % of the cases; docs/method.md has how often on images of other kinds.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default) => input.Default?.Of(input, asked => Compute(asked, cancellationToken)) ?? Compute(input, cancellationToken);

    private static Prediction Compute(PredictionInput input, CancellationToken cancellationToken)
    {
        var curves = input.Candidates.Select(c => PooledCurve.WithBeta(c, input.Window).Thinned(MostEpochs)).ToList();
        var reasons = curves.Select(c => c.Shortage(LeastEpochs, input.Window)).ToList();
        var used = curves.Where((_, m) => reasons[m] is null).ToList();
        if (used.Count == 0) return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r!))], null);

        var candidates = input.Candidates.Where((_, m) => reasons[m] is null).ToList();
        var onTheseImages = SourcePrior.Join(Final(used, input.Epochs, cancellationToken), CandidateSources.Of(candidates, input.History));
        var posterior = onTheseImages with { Covariance = onTheseImages.Covariance + Sampling(onTheseImages.Mean, used) };
        return new Prediction([.. curves.Select((curve, m) => reasons[m] is { } r
            ? CandidatePrediction.Impossible(r)
            : new CandidatePrediction(posterior.Mean[used.IndexOf(curve)], curve.Epochs, null))], posterior) { OnTheseImages = onTheseImages };
    }

    /// <summary>
    /// Covariance of what the chance of the validation images, and that of the test images, adds to accuracies; on its diagonal are the binomial variances.
    /// A test set of unknown size is taken to be as large as the validation set.
    /// </summary>
    private static Matrix<double> Sampling(Vector<double> accuracies, List<PooledCurve> curves)
    {
        var variances = Vector<double>.Build.Dense(curves.Count, m =>
        {
            var point = curves[m].Points[^1];
            var test = point.TestCount > 0 ? point.TestCount : point.ValidationCount;
            return BinomialNoise.Variance(accuracies[m], point.ValidationCount) + BinomialNoise.Variance(accuracies[m], test);
        });
        var deviations = variances.PointwiseSqrt();
        return (SharedLuck * deviations.OuterProduct(deviations)) + Matrix<double>.Build.DiagonalOfDiagonalVector((1 - SharedLuck) * variances);
    }

    /// <summary>The accuracies on the same validation images, noise of single epochs apart, at the end of a training of so many epochs.</summary>
    private static JointPosterior Final(List<PooledCurve> curves, int epochs, CancellationToken cancellationToken)
    {
        var course = MeanCourse.Of(curves);
        var rise = MeanGrowth.Rise(course.Epochs, course.Accuracies, epochs);
        double[] excess = [.. course.ExcessAtEnd(curves)];
        var (mean, covariance, byBeta, ownVariance) = Average(Curves(curves, course, rise.Mean, excess, epochs), cancellationToken);
        var shares = Vector<double>.Build.Dense(curves.Count, m => 1 + (byBeta * excess[m]));
        var own = (ownVariance * rise.Variance) + Math.Pow(UnseenGrowthSd * rise.Mean, 2);
        return new JointPosterior(
            mean + rise.Mean,
            covariance + (rise.Variance * shares.OuterProduct(shares)) + Matrix<double>.Build.DenseDiagonal(curves.Count, own));
    }

    /// <summary>Where the candidates end up but for the common rise, γ, and the variance of their own growth: over the grids of drift and own growth, by evidence.</summary>
    private static (Vector<double> Mean, Matrix<double> Covariance, double ByBeta, double OwnVariance) Average(CurveSet set, CancellationToken cancellationToken)
    {
        var fits = (from drift in Drifts
                    let alike = Fit(drift, ownGrowth: 0)
                    from own in OwnGrowthSds
                    let fit = own > 0 ? Fit(drift, own * own / alike.NoiseVariance) : alike
                    select (Fit: fit, Own: own, LogWeight: fit.LogEvidence - (0.5 * Math.Pow(Math.Log(drift / MedianDrift), 2)))).ToList();
        var greatest = fits.Max(f => f.LogWeight);
        var ends = fits.ConvertAll(f => (f.Fit, f.Own, End: f.Fit.AtEnd(), Weight: Math.Exp(f.LogWeight - greatest)));
        var total = ends.Sum(e => e.Weight);

        var mean = Vector<double>.Build.Dense(set.Curves.Count);
        foreach (var (_, _, end, weight) in ends) mean += weight / total * end.Mean;
        var covariance = Matrix<double>.Build.Dense(set.Curves.Count, set.Curves.Count);
        foreach (var (_, _, end, weight) in ends)
        {
            var off = end.Mean - mean;
            covariance += weight / total * (end.Covariance + off.OuterProduct(off));
        }
        return (mean, covariance, ends.Sum(e => e.Weight * e.Fit.CovariateCoefficient.Mean) / total, Math.Pow(ends.Sum(e => e.Weight * e.Own) / total, 2));

        DriftingCurves Fit(double drift, double ownGrowth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new DriftingCurves(set, drift, Noise, GrowthByBeta, ownGrowth);
        }
    }

    private static CurveSet Curves(List<PooledCurve> curves, MeanCourse course, double rise, double[] excess, int epochs)
    {
        var noise = curves.ConvertAll(c => c.Points.Select((p, i) => Jitter(p) / c.Repeats[i]).ToArray());
        var mean = noise.SelectMany(n => n).Average();
        return new CurveSet(
            [.. course.Epochs.Select(epoch => Math.Log(epoch))],
            [.. curves.Select((c, m) =>
            {
                var byBeta = course.RiseByBeta(c);
                return new WeightedCurve(course.At(c), c.Accuracies, Array.ConvertAll(noise[m], n => n / mean))
                {
                    Covariate = byBeta.AtPoints, CovariateAtEnd = byBeta.AtEnd + (rise * excess[m]),
                };
            })])
        {
            Ahead = Math.Max(0, Math.Log((double)epochs / course.Epochs[^1])),
            Growth = course.Growth,
            GrowthAtEnd = course.Growth[^1] + rise,
        };
    }

    /// <summary>Taken to be as uneven as binomial noise, p(1 − p); how large it is, the curves say.</summary>
    private static double Jitter(CurvePoint point) => BinomialNoise.Variance(point.ValidationAccuracy, point.ValidationCount);
}
