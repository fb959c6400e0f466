namespace NeuralCapacitance.Worker.Datasets;

/// <summary>The order in which an epoch visits the training images.</summary>
public static class EpochOrder
{
    /// <summary>
    /// A permutation of <paramref name="indices"/> that depends on nothing but them, the seed and the epoch: a resumed trial
    /// needs no stored generator state, and the order is the same on every machine and .NET version.
    /// </summary>
    public static int[] Shuffle(ReadOnlySpan<int> indices, long seed, int epoch)
    {
        var order = indices.ToArray();
        SplitMix64.Of(seed, epoch).Shuffle(order);
        return order;
    }
}
