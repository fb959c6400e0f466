namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>What a job needs was removed between the look at its spec and its insertion.</summary>
public sealed class NeedsGoneException(string reason) : Exception(reason);
