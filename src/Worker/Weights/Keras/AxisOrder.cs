namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>Brings the axes of an array into another order.</summary>
internal static class AxisOrder
{
    private const int Rank = 4;

    /// <param name="source">Row-major.</param>
    /// <param name="shape">Of <paramref name="source"/>; at most four axes.</param>
    /// <param name="axes">The axis of <paramref name="source"/> that becomes the first, the second, …</param>
    /// <param name="destination">Row-major; as long as <paramref name="source"/>.</param>
    public static void Permute(ReadOnlySpan<float> source, IReadOnlyList<int> shape, IReadOnlyList<int> axes, Span<float> destination)
    {
        var strides = new int[shape.Count];
        for (int axis = shape.Count - 1, stride = 1; axis >= 0; stride *= shape[axis--])
        {
            strides[axis] = stride;
        }
        // Axes of one element in front make it four.
        Span<(int Size, int Stride)> order = stackalloc (int, int)[Rank];
        order.Fill((1, 0));
        for (var i = 0; i < axes.Count; i++)
        {
            order[Rank - axes.Count + i] = (shape[axes[i]], strides[axes[i]]);
        }
        var place = 0;
        for (var a = 0; a < order[0].Size; a++)
        {
            for (var b = 0; b < order[1].Size; b++)
            {
                for (var c = 0; c < order[2].Size; c++)
                {
                    var from = (a * order[0].Stride) + (b * order[1].Stride) + (c * order[2].Stride);
                    for (var d = 0; d < order[3].Size; d++)
                    {
                        destination[place++] = source[from + (d * order[3].Stride)];
                    }
                }
            }
        }
    }
}
