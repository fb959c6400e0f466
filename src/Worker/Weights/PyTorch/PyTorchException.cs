namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>The file is no state_dict that torch.save wrote, or holds something that we do not read.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, where, and what would be accepted.</param>
public sealed class PyTorchException(string path, string reason, Exception? innerException = null)
    : WeightsException($"'{path}' is not a usable PyTorch file: {reason}", innerException)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
