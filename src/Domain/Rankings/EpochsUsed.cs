using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>Which epochs a ranking rests on and why, in a sentence for its reader.</summary>
internal static class EpochsUsed
{
    public static string Describe(IPredictor predictor, Window window, IReadOnlyList<RankedCandidate> ranked)
    {
        if (predictor.Unit == PredictionUnit.Score) return "none: scores are measured before training";
        var asked = window.Start is null
            ? $"epochs {window.FirstEpoch} to {window.LastEpoch}: start auto, the first {window.Observe}"
            : $"epochs {window.FirstEpoch} to {window.LastEpoch}, as asked for";
        var before = ranked.SelectMany(c => c.Epochs).Where(e => e < window.FirstEpoch).DefaultIfEmpty(window.FirstEpoch).Min();
        if (before < window.FirstEpoch) return $"epochs {before} to {window.LastEpoch}: this predictor looks at all that the window's end leaves";
        var dropping = ranked.Count(c => c.EpochsReason is not null);
        if (dropping > 0) return $"{asked}, of which {dropping} of {ranked.Count} candidates leave out early ones by evidence; each says which";
        return window.Start is null && ranked.Any(c => c.Rank is not null) ? $"{asked}, of which none is left out by evidence" : asked;
    }
}
