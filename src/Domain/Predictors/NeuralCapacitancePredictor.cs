using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance</c>: where each candidate stands now, and how much further it goes. The log-odds of accuracies drift and jitter around a course
/// that all candidates share (<see cref="DriftingCurves"/> over the logarithm of the epoch); whether a change is drift or jitter is learned
/// from the job, so that with much noise a candidate stands where its smoothed curve does, with little where it was last seen. From
/// there the average of all rises as the job's own curves let expect (<see cref="MeanGrowth"/>), and who has more β_eff left goes further, as far as that has been so in
/// the window. What else is known of the candidates joins as a prior (<see cref="SourcePrior"/>). docs/method.md has the formulas.
/// </summary>
public sealed class NeuralCapacitancePredictor : IPredictor
{
    private const int LeastEpochs = 2;

    /// <summary>Cost grows with the cube of the epochs; drift has long forgotten what thinning leaves out.</summary>
    private const int MostEpochs = 24;

    /// <summary>Of log-odds. Learned, as all constants here, from the tuning tasks of docs/experiments/prediction.md.</summary>
    private static readonly NoisePrior Noise = new(Freedom: 2, Sd: 0.05);

    /// <summary>Variance of the drift per e-fold of epochs relative to the noise: a log-normal prior of this median and one unit of width, on a grid.</summary>
    private const double MedianDrift = 10;

    private static readonly double[] Drifts = [.. Enumerable.Range(0, 7).Select(i => Math.Pow(10, -1 + (i / 2.0)))];

    /// <summary>γ: by how much a candidate's rise exceeds the average one, relative to it, where its β_eff does. Wide: the window has a say.</summary>
    private static readonly Coefficient GrowthByBeta = new(Mean: 1, Variance: 0.16);

    /// <summary>
    /// β_eff of today tells who goes further at first, not who does in the end: of a rise of the log-odds by u it decides on ρ (1 − e^{−u/ρ}), with this ρ.
    /// </summary>
    private const double ReachOfBeta = 0.3;

    /// <summary>A network that has not begun to learn may begin at any time, or never: a standard deviation of its log-odds.</summary>
    private const double BeginningSd = 1.5;

    /// <summary>
    /// Correlation between two candidates of what chance the validation images bring: they are the same ones, and many are hard, or easy, for both. Of the
    /// tuning tasks: their accuracies' differences from test accuracies vary inside a task half as much as binomial noise would.
    /// </summary>
    private const double SharedLuck = 0.5;

    public string Name => PredictorNames.NeuralCapacitance;

    public string IntervalMeaning =>
        "Gaussian interval of the accuracy that will be measured on the test set: it rests on this job's own curves, on the chance of the validation and test images, and on how curves of "
        + "other data sets went on. On the reference curves 90 % intervals from 3, 5 and 8 epochs held the final accuracy in 94 %, 94 % and 94 % of the cases; docs/method.md has how often "
        + "on images of other kinds.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default) => input.Default?.Of(input, asked => Compute(asked, cancellationToken)) ?? Compute(input, cancellationToken);

    private static Prediction Compute(PredictionInput input, CancellationToken cancellationToken)
    {
        var curves = input.Candidates.Select(c => PooledCurve.WithBeta(c, input.Window).Steadied().Thinned(MostEpochs)).ToList();
        var reasons = curves.Select(c => c.Shortage(LeastEpochs, input.Window)).ToList();
        var used = curves.Where((_, m) => reasons[m] is null).ToList();
        if (used.Count == 0) return new Prediction([.. reasons.Select(r => CandidatePrediction.Impossible(r!))], null);

        var candidates = input.Candidates.Where((_, m) => reasons[m] is null).ToList();
        var chance = Chance.Of(candidates);
        var course = MeanCourse.Of(used, chance);
        var joined = SourcePrior.Join(Final(used, course, input.Epochs, cancellationToken), CandidateSources.Of(candidates, input.History));
        var onTheseImages = joined with { Covariance = joined.Covariance + Beginning(joined.Mean, used, chance, course.Ahead(input.Epochs)) };
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
    private static JointPosterior Final(List<PooledCurve> curves, MeanCourse course, int epochs, CancellationToken cancellationToken)
    {
        var images = curves[0].Points[^1].ValidationCount;
        var rise = MeanGrowth.Rise(course.Epochs, course.Accuracies, epochs);
        var expected = Math.Clamp(course.Accuracies[^1] + rise.Mean, BinomialNoise.Smoothed(0, images), BinomialNoise.Smoothed(1, images));
        var logOddsRise = Math.Max(0, SpecialFunctions.Logit(expected) - SpecialFunctions.Logit(BinomialNoise.Smoothed(course.Accuracies[^1], images)));
        var (mean, covariance) = Average(Curves(curves, course, logOddsRise, epochs), cancellationToken);
        return LogOdds.ToAccuracies(mean, covariance, expected, rise.Variance);
    }

    /// <summary>Where the candidates' log-odds end up but for the common rise: over the grid of drifts, by evidence.</summary>
    private static (Vector<double> Mean, Matrix<double> Covariance) Average(CurveSet set, CancellationToken cancellationToken)
    {
        var fits = Drifts.Select(drift =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fit = new DriftingCurves(set, drift, Noise, GrowthByBeta);
            return (End: fit.AtEnd(), LogWeight: fit.LogEvidence - (0.5 * Math.Pow(Math.Log(drift / MedianDrift), 2)));
        }).ToList();
        var greatest = fits.Max(f => f.LogWeight);
        var weights = fits.ConvertAll(f => Math.Exp(f.LogWeight - greatest));
        var total = weights.Sum();

        var mean = Vector<double>.Build.Dense(set.Curves.Count);
        foreach (var ((end, _), weight) in fits.Zip(weights)) mean += weight / total * end.Mean;
        var covariance = Matrix<double>.Build.Dense(set.Curves.Count, set.Curves.Count);
        foreach (var ((end, _), weight) in fits.Zip(weights))
        {
            var off = end.Mean - mean;
            covariance += weight / total * (end.Covariance + off.OuterProduct(off));
        }
        return (mean, covariance);
    }

    /// <param name="rise">Of the common log-odds until the last epoch.</param>
    private static CurveSet Curves(List<PooledCurve> curves, MeanCourse course, double rise, int epochs)
    {
        var excess = course.ExcessAtEnd(curves).ToList();
        var byBetaAhead = ReachOfBeta * (1 - Math.Exp(-rise / ReachOfBeta));
        var accuracies = curves.ConvertAll(c => c.Points.Select(p => BinomialNoise.Smoothed(p.ValidationAccuracy, p.ValidationCount)).ToArray());
        // Taken to be as uneven as the binomial noise of log-odds, 1/(p(1 − p)); how large it is, the curves say.
        var noise = accuracies.Zip(curves, (own, c) => own.Select((p, i) => 1 / (p * (1 - p) * c.Repeats[i])).ToArray()).ToList();
        var mean = noise.SelectMany(n => n).Average();
        return new CurveSet(
            [.. course.Epochs.Select(epoch => Math.Log(epoch))],
            [.. curves.Select((c, m) =>
            {
                var byBeta = course.RiseByBeta(c);
                return new WeightedCurve(course.At(c), Array.ConvertAll(accuracies[m], SpecialFunctions.Logit), Array.ConvertAll(noise[m], n => n / mean))
                {
                    Covariate = byBeta.AtPoints, CovariateAtEnd = byBeta.AtEnd + (byBetaAhead * excess[m]),
                };
            })])
        {
            Ahead = course.Ahead(epochs),
        };
    }

    /// <summary>Variances of who may yet begin to learn. After everything that orders candidates, or sources would be believed of just these.</summary>
    private static Matrix<double> Beginning(Vector<double> accuracies, List<PooledCurve> curves, Chance chance, double ahead) => Matrix<double>.Build.DenseOfDiagonalArray(
    [
        .. curves.Select((curve, m) =>
            Math.Pow(BeginningSd * (1 - Math.Exp(-ahead)) * (1 - chance.Begun(curve.Points[^1].ValidationAccuracy)) * LogOdds.Steepness(accuracies[m]), 2)),
    ]);
}
