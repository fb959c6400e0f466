namespace NeuralCapacitance.Worker.Weights;

/// <summary>The file breaks the safetensors format, or holds something that we do not read.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">Which rule it breaks, and where.</param>
public sealed class SafetensorsException(string path, string reason, Exception? innerException = null)
    : WeightsException($"'{path}' is not a usable safetensors file: {reason}", innerException)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
