namespace NeuralCapacitance.Domain.Predictors;

/// <summary>Predictors as named in a job spec.</summary>
public static class PredictorNames
{
    public const string NeuralCapacitance = "neural-capacitance";

    public const string SharedSlope = "shared-slope";

    public const string NeuralCapacitancePerCandidate = "neural-capacitance-per-candidate";

    public const string LastSeen = "last-seen";

    public const string BestSeen = "best-seen";

    public const string LastThreeMean = "last-three-mean";

    /// <summary>The default first.</summary>
    public static IReadOnlyList<string> All { get; } = [NeuralCapacitance, SharedSlope, NeuralCapacitancePerCandidate, LastSeen, BestSeen, LastThreeMean];
}
