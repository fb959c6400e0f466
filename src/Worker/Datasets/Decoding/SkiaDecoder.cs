using NeuralCapacitance.Domain.Datasets;
using SkiaSharp;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>JPEG, PNG, WebP, GIF and BMP by SkiaSharp, to the pixels that PIL's <c>convert("RGB")</c> gives: no colour profile, alpha dropped, the first frame.</summary>
internal static unsafe class SkiaDecoder
{
    /// <exception cref="BrokenFileException">No header, or not one of the format.</exception>
    /// <returns>The orientation as EXIF counts, 1 … 8.</returns>
    public static (int Width, int Height, int Orientation) HeaderOf(ReadOnlySpan<byte> file, ImageFormat format)
    {
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var codec = Open(data, format);
            var info = codec.Info;
            return (info.Width, info.Height, OrientationOf(codec, file, format));
        }
    }

    /// <exception cref="BrokenFileException">It is damaged, or ends early.</exception>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public static int Decode(ReadOnlySpan<byte> file, ImageFormat format, Raster image)
    {
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var codec = Open(data, format);
            var info = codec.Info;
            image.Reshape(info.Width, info.Height);
            // Without a colour space nothing is converted; premultiplied, transparent pixels would lose their colour.
            var wanted = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            var result = codec.GetPixels(wanted, (nint)image.Pixels);
            if (result != SKCodecResult.Success) throw new BrokenFileException(Reason(result, data, format, wanted, image));
            return OrientationOf(codec, file, format);
        }
    }

    /// <summary>Skia counts as EXIF does.</summary>
    private static int OrientationOf(SKCodec codec, ReadOnlySpan<byte> file, ImageFormat format) => format == ImageFormat.Png ? PngOrientation.Of(file) : (int)codec.EncodedOrigin;

    private static SKCodec Open(SKData data, ImageFormat format)
    {
        var codec = SKCodec.Create(data) ?? throw new BrokenFileException($"the header of the {format.ToString().ToUpperInvariant()} file is damaged, or of a kind that is not read");
        if (codec.EncodedFormat == FormatOf(format)) return codec;
        var other = codec.EncodedFormat;
        codec.Dispose();
        throw new BrokenFileException($"begins as {format} and goes on as {other}");
    }

    private static SKEncodedImageFormat FormatOf(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => SKEncodedImageFormat.Jpeg,
        ImageFormat.Png => SKEncodedImageFormat.Png,
        ImageFormat.WebP => SKEncodedImageFormat.Webp,
        ImageFormat.Gif => SKEncodedImageFormat.Gif,
        ImageFormat.Bmp => SKEncodedImageFormat.Bmp,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>In words, and where the decoder can tell, from which row on pixels are missing.</summary>
    private static string Reason(SKCodecResult result, SKData data, ImageFormat format, SKImageInfo wanted, Raster image)
    {
        var what = result switch
        {
            SKCodecResult.IncompleteInput => "file ends early",
            SKCodecResult.ErrorInInput => "file is damaged",
            SKCodecResult.InvalidConversion => "has a kind of pixels that is not read",
            SKCodecResult.InternalError => "cannot be decoded; it may be damaged",
            _ => $"cannot be decoded ({result})",
        };
        using var codec = Open(data, format);
        if (codec.StartIncrementalDecode(wanted, (nint)image.Pixels, wanted.RowBytes) != SKCodecResult.Success) return $"{what}: pixels are missing";
        codec.IncrementalDecode(out var rows);
        return rows > 0 && rows < wanted.Height ? $"{what}: of {wanted.Height} rows of pixels the last {wanted.Height - rows} are missing" : $"{what}: pixels are missing";
    }
}
