using System.Collections.Concurrent;

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
        fixed (byte* input = planes, output = pixels)
            Run((nint)input, count, side, size, threads, (nint)output);
    }

    private static void Run(nint input, int count, int side, int size, int threads, nint output)
    {
        var idle = new ConcurrentBag<(Raster Image, Resizer Resizer)>();
        try
        {
            EachImage.Do(count, threads, ResizeOne, CancellationToken.None);
        }
        catch (OutOfMemoryException e)
        {
            throw new ImageReadException($"Not enough memory to resize images to side {size}.", e);
        }
        finally
        {
            foreach (var (image, resizer) in idle)
            {
                image.Dispose();
                resizer.Dispose();
            }
        }

        void ResizeOne(int index)
        {
            if (!idle.TryTake(out var tools)) tools = (new Raster(), new Resizer(size));
            try
            {
                tools.Image.Reshape(side, side);
                Planes.Join((byte*)input + ((nint)index * 3 * side * side), tools.Image);
                tools.Resizer.Resize(tools.Image, (byte*)output + ((nint)index * 3 * size * size));
            }
            finally
            {
                idle.Add(tools);
            }
        }
    }
}
