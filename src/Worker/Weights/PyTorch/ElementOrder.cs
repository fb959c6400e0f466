namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>Where the elements of a transposed or sliced tensor, taken in the order of its storage, belong in a contiguous one.</summary>
internal sealed class ElementOrder
{
    /// <summary>Largest stride first, so that an element's indices are found by dividing.</summary>
    private readonly (long Stride, long Size, long Step)[] dimensions;

    /// <exception cref="InvalidDataException">Rows share elements or lie between each other: transposing and slicing give no such tensor.</exception>
    public ElementOrder(TensorReference tensor)
    {
        var found = new List<(long Stride, long Size, long Step)>();
        for (var (d, step) = (tensor.Shape.Length - 1, 1L); d >= 0; step *= tensor.Shape[d--])
        {
            if (tensor.Shape[d] != 1)
            {
                found.Add((tensor.Strides[d], tensor.Shape[d], step));
            }
        }
        dimensions = [.. found.OrderByDescending(dimension => dimension.Stride)];
        var reach = 0L;
        foreach (var (stride, size, _) in dimensions.Reverse())
        {
            if (stride <= reach)
            {
                throw new InvalidDataException(
                    $"its strides [{string.Join(", ", tensor.Strides)}] for the shape [{string.Join(", ", tensor.Shape)}] are not read; save it after .contiguous()");
            }
            reach += (size - 1) * stride;
        }
    }

    /// <param name="element">Counted from the tensor's first one in the storage.</param>
    /// <returns>Its place in row-major order; null: it is not the tensor's.</returns>
    public long? PlaceOf(long element)
    {
        var place = 0L;
        foreach (var (stride, size, step) in dimensions)
        {
            var index = element / stride;
            if (index >= size)
            {
                return null;
            }
            element -= index * stride;
            place += index * step;
        }
        return element == 0 ? place : null;
    }
}
