using System.Collections.Concurrent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Stalls;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Decodes image files: JPEG, PNG, WebP, GIF, BMP, TIFF and PNM, told by their content.</summary>
public static unsafe class ImageDecoder
{
    public const int MaxSize = 4096;

    /// <summary>Files taken at once, at most: a small one costs less than asking for the next.</summary>
    private const int MostChunk = 16;

    /// <summary>
    /// Decodes a batch to RGB and resizes each image to <paramref name="size"/> × <paramref name="size"/>, as
    /// <c>torchvision.transforms.Resize((size, size))</c> does a PIL image: bilinear with antialias, aspect ratio not kept.
    /// Alpha is dropped, and of an animation the first frame is taken, as torchvision's <c>ImageFolder</c> does.
    /// </summary>
    /// <param name="paths">Files; the format shows in their first bytes, whatever they are called.</param>
    /// <param name="size">1 … <see cref="MaxSize"/> pixels.</param>
    /// <param name="threads">At most so many decode at once.</param>
    /// <param name="pixels">Receives N × 3 × size × size bytes; a broken image's are zero.</param>
    /// <param name="exif">Whether photographs are turned as EXIF says.</param>
    /// <returns>The broken images, in the order of the batch.</returns>
    /// <exception cref="ImageReadException">A file could not be decoded for a reason that is not its own.</exception>
    public static IReadOnlyList<ImageFault> Decode(string[] paths, int size, int threads, Span<byte> pixels, ExifOrientation exif = ExifOrientation.Ignore)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var expected = 3L * paths.Length * size * size;
        if (pixels.Length != expected)
            throw new ArgumentException($"{paths.Length} images of side {size} take {expected} bytes, not {pixels.Length}.", nameof(pixels));
        fixed (byte* planes = pixels)
            return new Batch(paths, size, planes, exif).Run(threads);
    }

    /// <summary>Width and height in pixels of the image in a file, as <see cref="Decode"/> finds it before it is resized; null where that cannot be told.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static (int Width, int Height)? SizeOf(ImageBytes file, ExifOrientation exif)
    {
        try
        {
            return ImageContent.SizeOf(file, exif);
        }
        catch (BrokenFileException)
        {
            return null;
        }
    }

    private sealed class Batch(string[] paths, int size, byte* planes, ExifOrientation exif)
    {
        private readonly ConcurrentBag<FileDecoder> idle = [];
        private readonly ConcurrentBag<ImageFault> faults = [];

        public IReadOnlyList<ImageFault> Run(int threads)
        {
            var chunk = Math.Clamp(paths.Length / threads / 4, 1, MostChunk);
            try
            {
                EachImage.Do((paths.Length + chunk - 1) / chunk, threads, i => DecodeSome(i * chunk, Math.Min((i + 1) * chunk, paths.Length)), CancellationToken.None);
            }
            finally
            {
                foreach (var decoder in idle) decoder.Dispose();
            }
            return [.. faults.OrderBy(fault => fault.Index)];
        }

        private void DecodeSome(int start, int end)
        {
            if (!idle.TryTake(out var decoder)) decoder = new FileDecoder(size, exif);
            try
            {
                for (var i = start; i < end; i++)
                {
                    DecodeOne(decoder, i);
                    Steps.Made();
                }
            }
            finally
            {
                idle.Add(decoder);
            }
        }

        private void DecodeOne(FileDecoder decoder, int index)
        {
            var bytes = 3 * size * size;
            var target = planes + ((nint)index * bytes);
            try
            {
                decoder.Decode(paths[index], target);
            }
            catch (BrokenFileException e)
            {
                new Span<byte>(target, bytes).Clear();
                faults.Add(new ImageFault(index, e.Message));
            }
            catch (OutOfMemoryException e)
            {
                throw new ImageReadException($"Not enough memory to decode '{paths[index]}' at side {size}.", e);
            }
            catch (IOException e)
            {
                throw new ImageReadException($"'{paths[index]}' cannot be read: {e.Message}", e);
            }
        }
    }
}
