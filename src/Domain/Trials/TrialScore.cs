namespace NeuralCapacitance.Domain.Trials;

/// <summary>What one training-free score says of a trial's backbone before any training; exactly one of value and reason is there.</summary>
/// <param name="Name">Of the predictor that ranks by it.</param>
/// <param name="Value">Finite; greater is better. Null: there is none.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Seconds">That it took, without the pass over the images that all of them share; ≥ 0.</param>
public sealed record TrialScore(Guid TrialId, string Name, double? Value, string? Reason, double Seconds = 0);
