using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>The decoded images of a data set.</summary>
public sealed class LoadedDataset : IDisposable
{
    private readonly ImageCache cache;

    internal LoadedDataset(IReadOnlyList<string> classes, IReadOnlyList<string> problems, ImageCache cache)
    {
        this.cache = cache;
        Classes = classes;
        Problems = problems;
        var labels = cache.Labels();
        Train = new ImageSet(cache, 0, labels[..cache.Header.Train]);
        var testAt = cache.Header.Train + cache.Header.Validation;
        if (cache.Header.Validation > 0) Validation = new ImageSet(cache, cache.Header.Train, labels[cache.Header.Train..testAt]);
        Test = new ImageSet(cache, testAt, labels[testAt..]);
    }

    /// <summary>Names; a label is an index into them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What a user should know about the images, beside a trial's numbers.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>SHA-256 of classes, order and content, lower-case hexadecimal: the same for copies, the same at every image size.</summary>
    public string Hash => cache.Header.Hash;

    /// <summary>Where the set brings no <see cref="Validation"/>, <see cref="SplitRule"/> sets validation images aside from these.</summary>
    public ImageSet Train { get; }

    /// <summary>The validation set that it brings; null where it brings none.</summary>
    public ImageSet? Validation { get; }

    public ImageSet Test { get; }

    /// <summary>Unmaps the images; tensors made from them live on.</summary>
    public void Dispose() => cache.Dispose();
}
