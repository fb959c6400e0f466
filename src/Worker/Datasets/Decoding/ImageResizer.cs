namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Resizes images that need no decoding, as <see cref="ImageDecoder"/> does those that do.</summary>
public static unsafe class ImageResizer
{
    /// <param name="planes">N × 3 × side × side bytes.</param>
    /// <param name="side">1 … <see cref="ImageDecoder.MaxSize"/> pixels.</param>
    /// <param name="size">1 … <see cref="ImageDecoder.MaxSize"/> pixels.</param>
    /// <param name="threads">At most so many work at once.</param>
    /// <param name="pixels">Receives N × 3 × size × size bytes.</param>
    /// <exception cref="ImageReadException">Memory is short.</exception>
    public static void Resize(ReadOnlySpan<byte> planes, int side, int size, int threads, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, ImageDecoder.MaxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, ImageDecoder.MaxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var (count, rest) = Math.DivRem(planes.Length, 3 * side * side);
        if (rest != 0 || pixels.Length != 3L * count * size * size)
            throw new ArgumentException($"{planes.Length} bytes of side {side} do not become {pixels.Length} bytes of side {size}.", nameof(pixels));
        fixed (byte* input = planes)
        fixed (byte* output = pixels)
        {
            if (NativeImages.Resize(input, count, side, size, threads, output) != 0)
                throw new ImageReadException($"Not enough memory to resize images to side {size}.");
        }
    }
}
