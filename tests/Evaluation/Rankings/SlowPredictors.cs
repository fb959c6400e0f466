using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Those that take so long that an evaluation asks them only when told to.</summary>
internal static class SlowPredictors
{
    public static IReadOnlyList<string> Names { get; } = ["curve-similarity", "domhan"];

    /// <summary>Those that exist but were not asked.</summary>
    public static IReadOnlyList<string> LeftOut(IReadOnlyList<IPredictor> asked)
        => [.. Names.Intersect(PredictorNames.All, StringComparer.Ordinal).Except(asked.Select(p => p.Name), StringComparer.Ordinal)];
}
