namespace NeuralCapacitance.Domain.Trials;

/// <summary>Why something ended badly, in words that say what to do.</summary>
/// <param name="Code">Stable and machine-readable: <c>diverged</c>, <c>broken-image</c>, <c>out-of-memory</c>, …</param>
/// <param name="Message">For a person: what was wrong, where, what would be accepted.</param>
public sealed record Failure(string Code, string Message);
