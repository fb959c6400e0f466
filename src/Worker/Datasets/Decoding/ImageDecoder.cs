using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>A file that is no usable image.</summary>
/// <param name="Index">Its position in the batch.</param>
/// <param name="Message">The decoder's words.</param>
public sealed record ImageFault(int Index, string Message);

/// <summary>The machine, not the file, kept an image from being decoded: no memory, a failing disk, no more file descriptors.</summary>
public sealed class ImageReadException(string message) : IOException(message);

/// <summary>Decodes JPEG and PNG files with libjpeg-turbo and libpng.</summary>
public static unsafe class ImageDecoder
{
    public const int MaxSize = 4096;

    /// <summary>
    /// Decodes a batch to RGB and resizes each image to <paramref name="size"/> × <paramref name="size"/>, as
    /// <c>torchvision.transforms.Resize((size, size))</c> does a PIL image: bilinear with antialias, aspect ratio not kept.
    /// Alpha is dropped and EXIF orientation ignored, as torchvision's <c>ImageFolder</c> does.
    /// </summary>
    /// <param name="paths">Files; the format shows in their first bytes, whatever they are called.</param>
    /// <param name="size">1 … <see cref="MaxSize"/> pixels.</param>
    /// <param name="threads">At most so many decode at once.</param>
    /// <param name="pixels">Receives N × 3 × size × size bytes; a broken image's are zero.</param>
    /// <returns>The broken images, in the order of the batch.</returns>
    /// <exception cref="ImageReadException">A file could not be decoded for a reason that is not its own.</exception>
    public static IReadOnlyList<ImageFault> Decode(string[] paths, int size, int threads, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var expected = 3L * paths.Length * size * size;
        if (pixels.Length != expected)
            throw new ArgumentException($"{paths.Length} images of side {size} take {expected} bytes, not {pixels.Length}.", nameof(pixels));

        var errors = new NativeImages.Error[paths.Length];
        fixed (byte* output = pixels)
        fixed (NativeImages.Error* first = errors)
        {
            var failed = NativeImages.Decode(paths, paths.Length, size, threads, output, first, errors.Length);
            if (failed < 0) throw new ImageReadException($"Not enough memory to begin decoding {paths.Length} images of side {size}.");
            var faults = new ImageFault[failed];
            for (var i = 0; i < failed; i++)
            {
                var message = Marshal.PtrToStringUTF8((nint)first[i].Message)!;
                faults[i] = first[i].Fault switch
                {
                    NativeImages.Fault.NoMemory => throw new ImageReadException($"Not enough memory to decode '{paths[first[i].Index]}' at side {size}."),
                    NativeImages.Fault.Unread => throw new ImageReadException($"'{paths[first[i].Index]}': {message}"),
                    _ => new ImageFault(first[i].Index, message),
                };
            }
            return faults;
        }
    }
}
