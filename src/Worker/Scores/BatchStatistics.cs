using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>The mode in which scores of one batch see a network.</summary>
internal static class BatchStatistics
{
    /// <summary>
    /// Train mode without dropout: batch norms use the batch's own moments, because random weights have no others yet, and nothing is drawn.
    /// Running moments do move.
    /// </summary>
    public static void Use(Module network)
    {
        network.train();
        foreach (var dropout in network.modules().OfType<Dropout>()) dropout.eval();
    }

    /// <summary>Whether the module normalises by batch moments, in whatever class a family has it.</summary>
    public static bool IsNorm(Module module) => module.named_buffers(recurse: false).Any(b => string.Equals(b.name, "running_mean", StringComparison.Ordinal));
}
