using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>
/// TIFF by LibTiff.NET, the first image of a file. Samples of 8 and 16 bits in grey, colour, palette and CMYK are read as they are and converted as PIL does;
/// the rest (1 … 4 bits, YCbCr, CIE L*a*b*, …) is LibTiff's to convert. The tag Orientation is part of the format, and is applied as PIL does.
/// </summary>
internal static unsafe class TiffDecoder
{
    /// <exception cref="BrokenFileException">No header, or one of a kind that is not read.</exception>
    public static (int Width, int Height) SizeOf(byte[] file, int length) => Guarded(() =>
    {
        using var tiff = TiffFile.Open(file, length);
        return Orientation.SwapsSides(tiff.Orientation) ? (tiff.Height, tiff.Width) : (tiff.Width, tiff.Height);
    });

    /// <exception cref="BrokenFileException">It is damaged, or ends early.</exception>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public static void Decode(byte[] file, int length, Raster image) => Guarded(() =>
    {
        using var tiff = TiffFile.Open(file, length);
        var orientation = tiff.Orientation;
        if (orientation == Orientation.Upright)
        {
            Read(tiff, image);
            return true;
        }
        using var stored = new Raster();
        Read(tiff, stored);
        Orientation.Turn(stored, orientation, image);
        return true;
    });

    private static void Read(TiffFile tiff, Raster image)
    {
        image.Reshape(tiff.Width, tiff.Height);
        if (TiffSamples.Reads(tiff)) new TiffSamples(tiff, image).Read();
        else Convert(tiff, image);
        tiff.RequireNoFault();
    }

    /// <summary>LibTiff reads whatever it is told to, and where that leads nowhere, leaves by any of .NET's exceptions.</summary>
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (BrokenFileException or OutOfMemoryException))
        {
            throw new BrokenFileException($"the TIFF file is damaged: {e.Message}");
        }
    }

    private static void Convert(TiffFile tiff, Raster image)
    {
        var pixels = new int[tiff.Width * tiff.Height];
        tiff.Tiff.SetField(TiffTag.ORIENTATION, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT);
        if (!tiff.Tiff.ReadRGBAImageOriented(tiff.Width, tiff.Height, pixels, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT, stopOnError: true)) throw tiff.Fault("the TIFF file is damaged or of a kind that is not read");
        // Little-endian: red comes first.
        MemoryMarshal.AsBytes(pixels.AsSpan()).CopyTo(new Span<byte>(image.Pixels, image.Stride * image.Height));
    }
}
