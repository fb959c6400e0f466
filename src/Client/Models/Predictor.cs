namespace NeuralCapacitance.Client.Models;

/// <summary>A predictor.</summary>
public sealed record Predictor : WireObject
{
    /// <summary>As in a job spec.</summary>
    public required string Name { get; init; }

    public required PredictionUnit Unit { get; init; }

    /// <summary>What its intervals count and what they leave out; of a score, what it measures.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>Whether it answers within a blink; others may take seconds the first time.</summary>
    public required bool IsQuick { get; init; }
}
