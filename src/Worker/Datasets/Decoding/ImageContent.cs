using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;
using NeuralCapacitance.Worker.Datasets.Decoding.LibTiff;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Calls the decoder that a file's content asks for.</summary>
internal static class ImageContent
{
    private const int ShownBytes = 4;

    /// <summary>Width and height as the decoded image has them.</summary>
    /// <exception cref="BrokenFileException">It is no image, or its header is damaged.</exception>
    public static (int Width, int Height) SizeOf(ImageBytes file, ExifOrientation exif)
    {
        var format = FormatOf(file.Content);
        var (width, height, orientation) = format switch
        {
            ImageFormat.Pnm => Upright(PnmDecoder.SizeOf(file.Content)),
            ImageFormat.Tiff => Upright(TiffDecoder.SizeOf(file.Buffer, file.Content.Length)),
            _ => SkiaDecoder.HeaderOf(file.Content, format),
        };
        return exif == ExifOrientation.Apply && Orientation.SwapsSides(orientation) ? (height, width) : (width, height);
    }

    /// <param name="file">Of a JPEG file, <see cref="JpegFile"/> has said that it is whole.</param>
    /// <returns>What EXIF says about the orientation, 1 … 8; nothing has been turned.</returns>
    /// <exception cref="BrokenFileException">It is no image that can be used.</exception>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public static int Decode(ImageBytes file, Raster image)
    {
        var format = FormatOf(file.Content);
        switch (format)
        {
            case ImageFormat.Pnm:
                PnmDecoder.Decode(file.Content, image);
                return Orientation.Upright;
            case ImageFormat.Tiff:
                TiffDecoder.Decode(file.Buffer, file.Content.Length, image);
                return Orientation.Upright;
            case ImageFormat.Gif:
                GifTransparency.Remove(file.Buffer.AsSpan(0, file.Content.Length));
                return SkiaDecoder.Decode(file.Content, format, image);
            default:
                return SkiaDecoder.Decode(file.Content, format, image);
        }
    }

    /// <exception cref="BrokenFileException">None that is read.</exception>
    public static ImageFormat FormatOf(ReadOnlySpan<byte> file) => ImageFiles.FormatOf(file) ?? throw new BrokenFileException(
        $"is none of {ImageFiles.Formats} (starts with {string.Join(' ', file[..Math.Min(ShownBytes, file.Length)].ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))})");

    private static (int Width, int Height, int Orientation) Upright((int Width, int Height) size) => (size.Width, size.Height, Orientation.Upright);
}
