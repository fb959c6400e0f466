namespace NeuralCapacitance.Api.Problems;

/// <summary>One fault in what a client sent.</summary>
/// <param name="Path">Where: <c>training.epochs</c>, <c>candidates[2].backbone</c>, or a parameter's name.</param>
/// <param name="Value">What was found there; null where nothing was.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Accepted">What would be accepted.</param>
public sealed record FieldError(string Path, object? Value, string Problem, string? Accepted);
