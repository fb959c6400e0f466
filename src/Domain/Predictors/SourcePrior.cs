using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// What is known of the candidates besides their curves, each source a number per candidate: scores measured before training, the accuracy on what they were
/// pretrained for, and what candidates of their kind made of earlier tasks. The final accuracies lie about a plane over the standardised sources, whose slopes
/// have priors so wide that the curves decide on their size and sign: a source that disagrees with them is let go. Only differences between candidates are
/// told, and in proportion to how far apart the curves expect the candidates to end: neither the level nor the scale of accuracies can be read from a source. It counts
/// against the width of the curves' posterior: early and noisy curves are helped, clear ones not overruled.
/// </summary>
internal static class SourcePrior
{
    /// <summary>A standardised source of fewer candidates is mostly its standardisation.</summary>
    private const int LeastCandidates = 4;

    /// <summary>Of a source's slope, in standard deviations of the accuracies.</summary>
    private const double SlopeSd = 0.5;

    /// <summary>
    /// Standard deviation around the plane, over that of the accuracies. Wide, since sources know the order of the best candidates less well than the
    /// order of all (docs/experiments/prediction.md).
    /// </summary>
    private const double Spread = 1.25;

    /// <summary>Accuracies that are seen this little apart, or less, are not told apart by validation images.</summary>
    private const double LeastDeviation = 0.005;

    /// <param name="curves">Of the final accuracies, from the curves.</param>
    /// <param name="sources">Each with a value per candidate, in the posterior's order; others are left out.</param>
    /// <returns>The posterior itself where candidates are few or no source tells all of them apart.</returns>
    public static JointPosterior Join(JointPosterior curves, IEnumerable<Source> sources)
    {
        if (curves.Mean.Count < LeastCandidates) return curves;
        var known = sources.Select(s => (s.Slope, Values: Standardized(s.Values))).Where(s => s.Values is not null).ToList();
        if (known.Count == 0) return curves;
        var deviation = Math.Max(ExpectedDeviation(curves), LeastDeviation);
        var mean = Vector<double>.Build.Dense(curves.Mean.Count);
        var covariance = Matrix<double>.Build.DenseDiagonal(curves.Mean.Count, Math.Pow(Spread * deviation, 2));
        foreach (var (slope, values) in known)
        {
            var line = deviation * values!;
            mean += slope / known.Count * line;
            covariance += SlopeSd * SlopeSd * line.OuterProduct(line);
        }
        return curves.JoinedUpToLevel(mean, covariance);
    }

    /// <summary>Standard deviation that the accuracies themselves are expected to have: that of their means, and what is not known of the differences.</summary>
    private static double ExpectedDeviation(JointPosterior curves)
    {
        var count = curves.Mean.Count;
        var unknown = (curves.Covariance.Trace() - (curves.Covariance.Enumerate().Sum() / count)) / (count - 1);
        return Math.Sqrt(curves.Mean.Variance() + Math.Max(0, unknown));
    }

    /// <summary>Mean 0 and variance 1; null where one is missing, or all are equal but for rounding.</summary>
    public static Vector<double>? Standardized(IReadOnlyList<double?> values)
    {
        if (values.Any(v => v is null || !double.IsFinite(v.Value))) return null;
        var all = Vector<double>.Build.DenseOfEnumerable(values.Select(v => v!.Value));
        var (mean, deviation) = (all.Average(), all.PopulationStandardDeviation());
        return deviation > 1e-9 * Math.Max(1, Math.Abs(mean)) ? (all - mean) / deviation : null;
    }
}

/// <param name="Slope">What is expected of it before any curve is seen: standard deviations of final accuracy per standard deviation of the source; shared out where there are several.</param>
/// <param name="Values">Null: not known of a candidate.</param>
internal sealed record Source(double Slope, IReadOnlyList<double?> Values);
