using MathNet.Numerics.LinearAlgebra;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>The sources of <see cref="SourcePrior"/> that a job has.</summary>
internal static class CandidateSources
{
    /// <summary>
    /// Of the average of these scores, where a candidate is pretrained. Networks that all start at random rank in no order that could be
    /// expected: there the curves alone say what a score is worth.
    /// </summary>
    private const double ScoresSlope = 0.5;

    /// <summary>Accuracy on ImageNet goes along with accuracy after fine-tuning, the less the more unlike the images are (Kornblith, Shlens, Le, CVPR 2019).</summary>
    private const double SourceAccuracySlope = 0.4;

    /// <summary>Earlier tasks may have been on other images, whose order told nothing of the next (docs/experiments/prediction.md): the curves alone say what they are worth.</summary>
    private const double HistorySlope = 0;

    private static readonly string[] Scores = [PredictorNames.LogMe, PredictorNames.HScore, PredictorNames.LinearProbe];

    public static IEnumerable<Source> Of(IReadOnlyList<CandidateCurves> candidates, IReadOnlyList<PastTask> history)
    {
        if (Average(candidates) is { } scores) yield return new Source(candidates.All(c => c.StartsAtRandom) ? 0 : ScoresSlope, scores);
        yield return new Source(SourceAccuracySlope, [.. candidates.Select(c => c.Scores.GetValueOrDefault(PredictorNames.SourceAccuracy)?.Value)]);
        if (Past(candidates, history) is { } past) yield return new Source(HistorySlope, past);
    }

    /// <summary>The mean of those standardised scores that every candidate has. Null: there is none.</summary>
    private static IReadOnlyList<double?>? Average(IReadOnlyList<CandidateCurves> candidates)
    {
        var standardized = Scores.Select(name => SourcePrior.Standardized([.. candidates.Select(c => c.Scores.GetValueOrDefault(name)?.Value)])).OfType<Vector<double>>().ToList();
        return standardized.Count == 0 ? null : [.. standardized.Aggregate((sum, score) => sum + score).Select(v => (double?)v)];
    }

    /// <summary>What earlier tasks let expect of each kind of candidate, relative to the others; of a kind that they lack, the mean.</summary>
    private static IReadOnlyList<double?>? Past(IReadOnlyList<CandidateCurves> candidates, IReadOnlyList<PastTask> history)
        => PastTask.EffectsOfKinds(history, candidates.Select(c => c.Kind), out _) is { } effects
            ? [.. effects.Expect([.. candidates.Select(c => c.Kind)]).Mean.Select(v => (double?)v)]
            : null;
}
