using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// Seeds of libtorch's generator, derived from the trial's. It is set anew at the start of every epoch, so a resumed trial needs no
/// generator state to draw the same dropout masks.
/// </summary>
internal static class TrialSeeds
{
    /// <summary>Sets these streams apart from others of the same trial, such as the order of the images.</summary>
    private const long Stream = 0x746F726368; // "torch"

    public static long Initialization(long trialSeed) => Derive(trialSeed, epoch: -1);

    public static long Epoch(long trialSeed, int epoch) => Derive(trialSeed, epoch);

    private static long Derive(long trialSeed, int epoch) => (long)(SplitMix64.Of(Stream, trialSeed, epoch).Next() & long.MaxValue);
}
