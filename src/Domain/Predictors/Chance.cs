namespace NeuralCapacitance.Domain.Predictors;

/// <summary>What networks that have learned nothing get right, and who is beyond it.</summary>
/// <param name="Accuracy">In [0, 1).</param>
internal sealed record Chance(double Accuracy)
{
    /// <summary>Of what there is above chance: a network that has learned so much has begun, by all but 1/e.</summary>
    private const double FirstShare = 0.05;

    /// <summary>As far as is known: mean accuracy of the candidates before training; 0 where that was not measured.</summary>
    public static Chance Of(IEnumerable<CandidateCurves> candidates)
        => new(candidates.SelectMany(c => PooledCurve.OfAccuracies(c, 0, 0).Accuracies).DefaultIfEmpty(0).Average());

    /// <summary>How far a network of this accuracy has begun to learn, in [0, 1): 1 − e^(−λ / 0.05), λ being the share that it has learned of what there is above chance.</summary>
    public double Begun(double accuracy) => 1 - Math.Exp(-Math.Max(0, accuracy - Accuracy) / (Math.Max(1 - Accuracy, 1e-9) * FirstShare));
}
