using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The trial cannot succeed, however often it is tried.</summary>
public sealed class TrialFailedException(Failure failure, Exception? innerException = null) : Exception(failure.Message, innerException)
{
    public Failure Failure { get; } = failure;
}
