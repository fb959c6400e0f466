namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>The file is no .h5 of Keras' weights, or holds something that we do not read.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, where, and what would be accepted.</param>
public sealed class KerasException(string path, string reason, Exception? innerException = null)
    : WeightsException($"'{path}' is not a usable Keras file: {reason}", innerException)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
