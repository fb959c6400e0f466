using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// What scores measured before training say of the final accuracies: those that tell how well the features already separate the classes, averaged, on
/// a line. Of differences between candidates only, and in proportion to how far the curves see the candidates apart: neither the level nor the
/// scale of accuracies can be read from a score. It counts against the width of the curves' posterior: early and noisy curves are helped, clear ones not overruled.
/// </summary>
internal static class ScorePrior
{
    /// <summary>A standardised score of fewer candidates is mostly its standardisation.</summary>
    private const int LeastCandidates = 4;

    /// <summary>Of the average score with the final accuracies inside a task, and how much it differs from task to task; of the tuning tasks of docs/experiments/prediction.md.</summary>
    private const double Correlation = 0.7;

    private const double CorrelationSd = 0.2;

    /// <summary>
    /// Standard deviation around the line, over that of the accuracies. The correlation leaves 0.71. Wider, since scores know the order of the best candidates less well than the
    /// order of all: at 1 the best one was lost more often after eight epochs, at 1.5 little was gained after three.
    /// </summary>
    private const double Spread = 1.25;

    /// <summary>Accuracies that are seen this little apart, or less, are not told apart by validation images.</summary>
    private const double LeastDeviation = 0.005;

    private static readonly string[] Scores = [PredictorNames.LogMe, PredictorNames.HScore, PredictorNames.LinearProbe];

    /// <param name="curves">Of the final accuracies, from the curves.</param>
    /// <param name="candidates">In the posterior's order.</param>
    /// <returns>The posterior itself where the candidates are few, or lack each of the scores.</returns>
    public static JointPosterior Join(JointPosterior curves, IReadOnlyList<CandidateCurves> candidates)
    {
        if (candidates.Count < LeastCandidates || Average(candidates) is not { } score) return curves;
        var deviation = Math.Max(curves.Mean.StandardDeviation(), LeastDeviation);
        var line = deviation * score;
        return curves.JoinedUpToLevel(
            Correlation * line,
            Matrix<double>.Build.DenseDiagonal(score.Count, Math.Pow(Spread * deviation, 2)) + (CorrelationSd * CorrelationSd * line.OuterProduct(line)));
    }

    /// <summary>The mean of those standardised scores that every candidate has, standardised. Null: there is none.</summary>
    private static Vector<double>? Average(IReadOnlyList<CandidateCurves> candidates)
    {
        var standardized = Scores
            .Select(name => candidates.Select(c => c.Scores.GetValueOrDefault(name)?.Value).ToList())
            .Where(values => values.TrueForAll(v => v is not null))
            .Select(values => Standardized(Vector<double>.Build.DenseOfEnumerable(values.Select(v => v!.Value))))
            .OfType<Vector<double>>()
            .ToList();
        return standardized.Count == 0 ? null : Standardized(standardized.Aggregate((sum, score) => sum + score));
    }

    /// <summary>Mean 0 and variance 1; null where all are equal but for rounding.</summary>
    private static Vector<double>? Standardized(Vector<double> values)
    {
        var (mean, deviation) = (values.Average(), values.PopulationStandardDeviation());
        return deviation > 1e-9 * Math.Max(1, Math.Abs(mean)) ? (values - mean) / deviation : null;
    }
}
