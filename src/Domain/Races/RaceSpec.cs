using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Races;

/// <summary>When a race drops a candidate, and when it is over.</summary>
public sealed record RaceSpec
{
    /// <summary>
    /// Predictors that a race may decide by: they answer with accuracies and a posterior, and from the job alone. One that learns from other
    /// jobs would make a race depend on what else has run meanwhile.
    /// </summary>
    public static IReadOnlyList<string> Predictors { get; } =
    [
        PredictorNames.NeuralCapacitance, PredictorNames.SharedSlope, PredictorNames.NeuralCapacitancePerCandidate,
        PredictorNames.LastSeen, PredictorNames.BestSeen, PredictorNames.LastThreeMean,
    ];

    /// <summary>
    /// The first round's epoch where <c>selection.observe</c> does not say: as early as can be, since waiting costs epochs and found no better winners
    /// (docs/experiments/prediction.md).
    /// </summary>
    public const int FirstRound = SelectionSpec.LeastObserve;

    /// <summary>A candidate whose probability of being the best falls below this is out; 0 … 0.5.</summary>
    public double DropBelow { get; init; } = 0.01;

    /// <summary>The race is over when taking the leader is expected to give away less accuracy than this; 0 … 1, where 0 never ends it.</summary>
    public double Tolerance { get; init; } = 0.005;
}
