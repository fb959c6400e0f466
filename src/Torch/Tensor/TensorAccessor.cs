using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order, without a copy.</summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly T* start;
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        start = (T*)tensor.Data();
        sizes = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    /// <summary>The element at a row-major position, or at one index per dimension.</summary>
    public T this[params long[] indices]
    {
        get
        {
            var value = start[Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }
        set
        {
            start[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    public T[] ToArray()
    {
        var elements = new T[Count];
        CopyTo(elements);
        return elements;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(arrayIndex), tensorIndex);

    public void CopyTo(Span<T> destination, long tensorIndex = 0)
    {
        var count = (int)Math.Min(destination.Length, Count - tensorIndex);
        if (contiguous)
        {
            new ReadOnlySpan<T>(start + tensorIndex, count).CopyTo(destination);
        }
        else
        {
            for (var k = 0; k < count; k++)
            {
                destination[k] = start[Position(tensorIndex + k)];
            }
        }
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(arrayIndex), tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> source, long tensorIndex = 0)
    {
        var count = (int)Math.Min(source.Length, Count - tensorIndex);
        for (var k = 0; k < count; k++)
        {
            start[Position(tensorIndex + k)] = source[k];
        }
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var k = 0L; k < Count; k++)
        {
            yield return this[k];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && sizes.Length != 1)
        {
            return Position(Checked(indices[0], Count));
        }
        if (indices.Length != sizes.Length)
        {
            throw new ArgumentException($"the tensor has {sizes.Length} dimensions, not {indices.Length}");
        }
        var offset = 0L;
        for (var dimension = 0; dimension < indices.Length; dimension++)
        {
            offset += Checked(indices[dimension], sizes[dimension]) * strides[dimension];
        }
        return offset;
    }

    private long Position(long rowMajor)
    {
        if (contiguous)
        {
            return rowMajor;
        }
        var offset = 0L;
        for (var dimension = sizes.Length - 1; dimension >= 0; dimension--)
        {
            offset += rowMajor % sizes[dimension] * strides[dimension];
            rowMajor /= sizes[dimension];
        }
        return offset;
    }

    private static long Checked(long index, long size) =>
        (ulong)index < (ulong)size ? index : throw new ArgumentOutOfRangeException(nameof(index), index, $"accepted is 0..{size - 1}");
}
