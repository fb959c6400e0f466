using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>The line accuracy = intercept + slope · β_eff that a predictor has fitted to a candidate.</summary>
/// <param name="Slope">Accuracy per unit of β_eff.</param>
/// <param name="Intercept">At β_eff = 0. The prediction is this, bounded by what an accuracy can be.</param>
public sealed record BetaLine(double Slope, double Intercept)
{
    /// <summary>By the candidate's position in the spec, of those that have one; none of a predictor that fits no line.</summary>
    public static IReadOnlyDictionary<int, BetaLine> Of(RankingBasis basis, SelectionSpec selection, CancellationToken cancellationToken = default)
    {
        var window = new Window(selection.Observe, selection.Start);
        IReadOnlyList<BetaLine?> lines = selection.Predictor switch
        {
            PredictorNames.SharedSlope => SharedSlopePredictor.Lines(basis.Curves, window, cancellationToken),
            PredictorNames.NeuralCapacitancePerCandidate => PerCandidatePredictor.Lines(basis.Curves, window, cancellationToken),
            _ => [],
        };
        return basis.Alive.Zip(lines).Where(pair => pair.Second is { } line && double.IsFinite(line.Slope) && double.IsFinite(line.Intercept)).ToDictionary(pair => pair.First.Index, pair => pair.Second!);
    }
}
