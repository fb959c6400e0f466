using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>The line accuracy = prediction + slope · β_eff that a predictor has fitted to a candidate; at β_eff = 0 it is the prediction.</summary>
/// <param name="Slope">Accuracy per unit of β_eff.</param>
public sealed record BetaLine(double Slope)
{
    /// <summary>By the candidate's position in the spec, of those that have one; none of a predictor that fits no line.</summary>
    public static IReadOnlyDictionary<int, BetaLine> Of(RankingBasis basis, SelectionSpec selection, CancellationToken cancellationToken = default)
    {
        var window = new Window(selection.Observe, selection.Start);
        IReadOnlyList<double?> slopes = selection.Predictor switch
        {
            PredictorNames.SharedSlope => SharedSlopePredictor.Slopes(basis.Curves, window, cancellationToken),
            PredictorNames.NeuralCapacitancePerCandidate => PerCandidatePredictor.Slopes(basis.Curves, window, cancellationToken),
            _ => [],
        };
        return basis.Alive.Zip(slopes).Where(pair => pair.Second is { } slope && double.IsFinite(slope)).ToDictionary(pair => pair.First.Index, pair => new BetaLine(pair.Second!.Value));
    }
}
