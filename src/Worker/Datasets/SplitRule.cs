using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>Which images a trial trains on and which it is judged by; none is both.</summary>
/// <param name="Train">Indices into <see cref="LoadedDataset.Train"/>.</param>
/// <param name="ValidationSet">The set's own validation images, or its training images where some of those are set aside.</param>
/// <param name="Validation">Indices into <paramref name="ValidationSet"/>.</param>
public sealed record Split(int[] Train, ImageSet ValidationSet, int[] Validation);

/// <summary>
/// The paper's rule: the test set stays untouched; validation images are set aside from the training images, and of the
/// others the first <c>trainLimit</c> are trained on. A data set that brings a validation set of its own (the Birds set) is judged
/// on all of that, and nothing is set aside. A pure function of labels and spec: nothing else decides.
/// </summary>
public static class SplitRule
{
    /// <exception cref="DatasetException">No image is left to train or to validate on, or <c>training.validation</c> is given for a set that brings its own.</exception>
    public static Split Apply(LoadedDataset data, TrainingSpec training)
    {
        if (data.Validation is not { } own)
        {
            var (train, validation) = SetAside(data.Train.Labels, training.Validation, training.TrainLimit, training.Seed);
            return new Split(train, data.Train, validation);
        }
        if (training.Validation is { } wanted)
        {
            throw new DatasetException(
                "name", $"training.validation is {wanted}, but the data set brings its own {own.Count} validation images; leave it out.");
        }
        var order = BalancedOrder(data.Train.Labels, training.Seed);
        return new Split(order[..Math.Min(training.TrainLimit ?? int.MaxValue, order.Length)], own, [.. Enumerable.Range(0, own.Count)]);
    }

    /// <summary>
    /// Images are put into one random order whose every prefix holds the classes in nearly their proportions (to one image of
    /// each). Validation is the front of it, training what follows. So small validation sets are no less balanced than the data.
    /// </summary>
    /// <param name="labels">Class of each training image.</param>
    /// <param name="validation">As <see cref="TrainingSpec.Validation"/>: count, fraction, or null for the paper's.</param>
    /// <param name="trainLimit">As <see cref="TrainingSpec.TrainLimit"/>; more than there are takes all.</param>
    /// <param name="seed">The job's, so that all its trials are judged on the same images.</param>
    /// <exception cref="DatasetException">No image is left to train or to validate on.</exception>
    internal static (int[] Train, int[] Validation) SetAside(IReadOnlyList<int> labels, double? validation, int? trainLimit, long seed)
    {
        var count = new TrainingSpec { Validation = validation }.ValidationImages(labels.Count);
        if (count < 1 || count >= labels.Count)
        {
            throw new DatasetException(
                "name",
                $"training.validation sets {count} of the data set's {labels.Count} training images aside; at least one image must be left on both sides.");
        }
        var order = BalancedOrder(labels, seed);
        var train = Math.Min(trainLimit ?? int.MaxValue, labels.Count - count);
        return (order[count..(count + train)], order[..count]);
    }

    /// <summary>
    /// Each class's images in random order get positions (rank + u) / class size with u uniform in [0, 1): spread evenly over
    /// [0, 1). All images sorted by position is the order.
    /// </summary>
    private static int[] BalancedOrder(IReadOnlyList<int> labels, long seed)
    {
        var random = SplitMix64.Of(seed);
        var order = Enumerable.Range(0, labels.Count).ToArray();
        random.Shuffle(order);

        var sizes = labels.CountBy(label => label).ToDictionary();
        var ranks = sizes.Keys.ToDictionary(label => label, _ => 0);
        var positions = new double[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var label = labels[order[i]];
            positions[i] = (ranks[label]++ + random.NextDouble()) / sizes[label];
        }
        Array.Sort(positions, order);
        return order;
    }
}
