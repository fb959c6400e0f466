using System.Runtime.InteropServices;
using NeuralCapacitance.Worker.Datasets.Cache;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>The training, the validation or the test images of a <see cref="LoadedDataset"/>. Safe to read from several threads.</summary>
public sealed class ImageSet
{
    private const int Channels = 3;

    private readonly ImageCache cache;
    private readonly int first;
    private readonly int[] labels;

    internal ImageSet(ImageCache cache, int first, int[] labels)
    {
        this.cache = cache;
        this.first = first;
        this.labels = labels;
    }

    public int Count => labels.Length;

    /// <summary>S: side in pixels.</summary>
    public int Size => cache.Header.Size;

    /// <summary>Class of each image, an index into <see cref="LoadedDataset.Classes"/>.</summary>
    public IReadOnlyList<int> Labels => labels;

    /// <summary>uint8, N × 3 × S × S, RGB, on the CPU; each image is copied once, from the mapped file into the tensor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in 0 … <see cref="Count"/> − 1.</exception>
    public Tensor Images(ReadOnlySpan<int> indices)
    {
        var images = empty(indices.Length, Channels, Size, Size, dtype: ScalarType.Byte);
        CopyTo(indices, images.bytes);
        return images;
    }

    /// <summary>int64, N, on the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in 0 … <see cref="Count"/> − 1.</exception>
    public Tensor LabelsOf(ReadOnlySpan<int> indices)
    {
        var tensor = empty(indices.Length, dtype: ScalarType.Int64);
        var values = MemoryMarshal.Cast<byte, long>(tensor.bytes);
        for (var i = 0; i < indices.Length; i++) values[i] = labels[Checked(indices[i])];
        return tensor;
    }

    /// <param name="pixels">Receives N × 3 × S × S bytes.</param>
    internal void CopyTo(ReadOnlySpan<int> indices, Span<byte> pixels)
    {
        var bytes = Channels * Size * Size;
        for (var i = 0; i < indices.Length; i++) cache.Read(first + Checked(indices[i]), pixels.Slice(i * bytes, bytes));
    }

    private int Checked(int index)
        => (uint)index < (uint)labels.Length
            ? index
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {labels.Length} images.");
}
