using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>curve-similarity</c> (Chandrashekaran and Lane 2017; the paper's CL): every finished curve p is stretched and shifted, a·p + b, towards the
/// candidate's beginning, from many random starts (<see cref="DescendedLine"/>). Of all these the 100 that come nearest say how the candidate
/// will end: a·p(T) + b, mean and population deviation. A curve that would end below what the candidate has reached already is no guess.
/// </summary>
public sealed class CurveSimilarityPredictor : IPredictor
{
    private const int LeastEpochs = 2;

    /// <summary>That a curve is stretched onto: of more, so many are looked at, log-spaced.</summary>
    private const int MostEpochs = 200;

    /// <summary>Fits kept, of each finished curve and of all.</summary>
    private const int Kept = 100;

    /// <summary>Starts tried for each finished curve.</summary>
    private const int Tried = 3 * Kept;

    /// <summary>Where all guesses agree: a tenth of a point.</summary>
    private const double LeastDeviation = 1e-3;

    private readonly int _seed;

    /// <param name="seed">Of the random starts; every candidate has the same ones.</param>
    public CurveSimilarityPredictor(int seed = 1) => _seed = seed;

    public string Name => PredictorNames.CurveSimilarity;

    public bool IsQuick => false;

    public string IntervalMeaning =>
        "Spread of the hundred stretched curves that come nearest. The fits stop early, as in the original, so that the spread is much that of the "
        + "random starts; it is not calibrated, and candidates are taken for independent. On the reference curves, learning from the other five tasks, 90 % intervals from "
        + "3, 5 and 8 epochs held the final accuracy in 68 %, 66 % and 71 % of the cases.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
    {
        var past = new PastCurves(input.History, input.Window, input.Epochs);
        var answers = input.Candidates
            .Select(c => PooledCurve.OfAccuracies(c, input.Window.FirstEpoch, input.Window.LastEpoch))
            .Select(curve => Answer(curve, input.Window, past, cancellationToken))
            .ToList();
        return Prediction.Independent(answers);
    }

    private (CandidatePrediction Prediction, double Variance) Answer(PooledCurve curve, Window window, PastCurves past, CancellationToken cancellationToken)
    {
        if (curve.Shortage(LeastEpochs, window) is { } shortage) return (CandidatePrediction.Impossible(shortage), 0);
        var thinned = curve.Thinned(MostEpochs);
        var (epochs, accuracies) = (thinned.Epochs, thinned.Accuracies);
        var curves = past.Covering(epochs);
        if (curves.Count == 0) return (CandidatePrediction.Impossible(PastCurves.NotEnough(0, 1, epochs)), 0);

        var random = new Random(_seed);
        var ends = curves.SelectMany(p => Fits(p, accuracies, random, cancellationToken)).OrderBy(f => f.Loss).Take(Kept).Select(f => f.End).Where(end => end is >= 0 and <= 1).ToList();
        if (ends.Count == 0) return (CandidatePrediction.Impossible("fit failed: no finished curve, stretched, goes on from here within [0, 1]"), 0);
        var mean = ends.Average();
        return (
            new CandidatePrediction(mean, epochs, null),
            Math.Max(ends.Average(end => (end - mean) * (end - mean)), LeastDeviation * LeastDeviation));
    }

    private static List<(double Loss, double End)> Fits(PastCurve past, double[] accuracies, Random random, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var line = new DescendedLine(past.Accuracies, accuracies);
        var reached = accuracies.Max();
        var fits = new List<(double Loss, double End)>(Kept);
        for (var tried = 0; tried < Tried && fits.Count < Kept; tried++)
        {
            var (a, b) = line.From(random.NextDouble(), random.NextDouble() - 0.5);
            var end = (a * past.AtEnd) + b;
            if (end >= reached) fits.Add((line.Loss(a, b), end));
        }
        return fits;
    }
}
