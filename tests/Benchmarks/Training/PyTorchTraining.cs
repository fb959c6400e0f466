using System.Globalization;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>What tools/bench_training.py does on command.</summary>
internal static class PyTorchTraining
{
    /// <exception cref="InvalidOperationException">PyTorch or torchvision is not there; says what to install.</exception>
    public static PythonPeer Start(ComputeDevice device, int? spins)
        => PythonPeer.Start("bench_training.py", spins, "--device", device.Name, "--threads", device.Threads.ToString(CultureInfo.InvariantCulture));

    /// <summary>So many training steps of the case's backbone, with its weights and images in <c>channels_last</c> or not.</summary>
    public static Seconds Train(this PythonPeer peer, TrainingCase @case, int steps, bool channelsLast)
    {
        var layout = channelsLast ? "channels_last" : "contiguous_format";
        return peer.Ask(string.Create(CultureInfo.InvariantCulture, $"{@case.Backbone} {layout} {@case.ImageSize} {@case.BatchSize} {steps}")) is [var elapsed, var processor]
            ? new(elapsed, processor)
            : throw new InvalidOperationException("tools/bench_training.py answers with the clock's and the processor's seconds.");
    }
}
