using System.Runtime.Versioning;
using NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;
using static NeuralCapacitance.Worker.Datasets.Decoding.Vips.VipsLibrary;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Vips;

/// <summary>
/// Large JPEG files in colour by libvips, whose libjpeg-turbo uses the processor's vectors; Skia's does not on x86. To start it takes a tenth of a millisecond, so
/// small files are Skia's. The pixels are the same.
/// </summary>
internal static unsafe class VipsDecoder
{
    /// <summary>Below, Skia is as quick.</summary>
    private const int LeastPixels = 1 << 16;

    /// <summary>Decoded together: as many as libjpeg makes at once, or twice as many, which the processor's cache holds.</summary>
    private const int Rows = 16;

    private const int BytesFormat = 0;

    /// <summary>Whether this platform has the library: Linux x64.</summary>
    [SupportedOSPlatformGuard("linux")]
    public static bool IsThere { get; } = OperatingSystem.IsLinux() && Starts();

    [SupportedOSPlatformGuard("linux")]
    public static bool Suits(JpegFrame frame) => frame.Components.Length == Raster.Colours && (long)frame.Width * frame.Height >= LeastPixels && IsThere;

    /// <param name="file">A JPEG file that has all its pixels.</param>
    /// <param name="part">Receives some rows at a time, of <see cref="Raster.Colours"/> bytes a pixel.</param>
    /// <param name="take">Called with each part, and the number of its first row.</param>
    /// <returns>Whether all parts were there; else another decoder has to say.</returns>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    [SupportedOSPlatform("linux")]
    public static bool TryDecode(ReadOnlySpan<byte> file, JpegFrame frame, Raster part, Action<Raster, int> take)
    {
        part.Reshape(frame.Width, Math.Min(Rows, frame.Height), Raster.Colours);
        fixed (byte* start = file)
        {
            var source = Open(start, (nuint)file.Length);
            var isDone = source != 0 && HasSizeOf(source, frame) && Pass(source, frame, part, take);
            if (source != 0) Release(source);
            if (!isDone) ForgetErrors();
            return isDone;
        }
    }

    /// <summary>An image whose header has been read; 0 where that fails.</summary>
    [SupportedOSPlatform("linux")]
    private static nint Open(byte* file, nuint length)
    {
        var load = NewOperation("jpegload_buffer"u8);
        if (load == 0) return 0;
        Give(load, file, length);
        var isBuilt = SetArgument(load, "access"u8, "sequential"u8) != Failed && Build(load) != Failed;
        var image = isBuilt ? Output(load) : 0;
        ReleaseOutputs(load);
        Release(load);
        return image;
    }

    [SupportedOSPlatform("linux")]
    private static void Give(nint load, byte* file, nuint length)
    {
        var blob = NewBlob(null, file, length);
        GValue value = default;
        Initialize(ref value, TypeOfBlob());
        SetBoxed(ref value, blob);
        ReleaseBlob(blob);
        SetProperty(load, "buffer"u8, in value);
        Clear(ref value);
    }

    [SupportedOSPlatform("linux")]
    private static nint Output(nint load)
    {
        GValue value = default;
        Initialize(ref value, TypeOfImage());
        GetProperty(load, "out"u8, ref value);
        var image = TakeObject(in value);
        Clear(ref value);
        return image;
    }

    [SupportedOSPlatform("linux")]
    private static bool HasSizeOf(nint source, JpegFrame frame)
        => WidthOf(source) == frame.Width && HeightOf(source) == frame.Height && BandsOf(source) == Raster.Colours && FormatOf(source) == BytesFormat;

    [SupportedOSPlatform("linux")]
    private static bool Pass(nint source, JpegFrame frame, Raster part, Action<Raster, int> take)
    {
        var target = NewImage(part.Pixels, (nuint)part.Stride * (nuint)part.Height, part.Width, part.Height, Raster.Colours, BytesFormat);
        if (target == 0) return false;
        var (from, to) = (NewRegion(source), NewRegion(target));
        var isDone = Attach(to, new VipsArea(0, 0, part.Width, part.Height)) != Failed;
        for (var y = 0; isDone && y < frame.Height; y += part.Height)
        {
            // The last part goes back over rows that were there already: it is as high as the others.
            var top = Math.Min(y, frame.Height - part.Height);
            isDone = Compute(from, to, new VipsArea(0, top, part.Width, part.Height), 0, 0) != Failed;
            if (isDone) take(part, top);
        }
        Release(from);
        Release(to);
        Release(target);
        return isDone;
    }
}
