using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>A decoded image: rows from top to bottom, four bytes a pixel (red, green, blue, and one that means nothing), or three. Its memory is reused from image to image.</summary>
internal sealed unsafe class Raster : IDisposable
{
    public const int BytesPerPixel = 4;

    /// <summary>Without the one that means nothing.</summary>
    public const int Colours = 3;

    private const long MostPixels = 100_000_000;
    private const int MostSide = 65_535;

    /// <summary>After the last pixel, so that a vector may be loaded from where it begins.</summary>
    private const int Slack = 32;

    private nuint capacity;

    /// <summary>Pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes from one pixel to the next: <see cref="BytesPerPixel"/> or <see cref="Colours"/>.</summary>
    public int Step { get; private set; } = BytesPerPixel;

    public byte* Pixels { get; private set; }

    public int Stride => Step * Width;

    public Span<byte> Row(int y) => new(Pixels + ((nint)y * Stride), Stride);

    /// <summary>To be called before memory is taken for the pixels.</summary>
    /// <exception cref="BrokenFileException">The header asks for more pixels than any photograph has.</exception>
    public static void RequireSize(long width, long height)
    {
        if (width is < 1 or > MostSide || height is < 1 or > MostSide || width * height > MostPixels)
            throw new BrokenFileException($"image is {width}x{height} pixels; accepted are sides of 1 to {MostSide} and at most {MostPixels} pixels");
    }

    /// <summary>Makes room for an image; what the pixels are is undefined.</summary>
    /// <param name="step">Bytes a pixel: <see cref="BytesPerPixel"/> or <see cref="Colours"/>.</param>
    /// <exception cref="BrokenFileException">As <see cref="RequireSize"/>.</exception>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void Reshape(long width, long height, int step = BytesPerPixel)
    {
        RequireSize(width, height);
        var needed = (nuint)((step * width * height) + Slack);
        if (needed > capacity)
        {
            Free();
            Pixels = (byte*)NativeMemory.Alloc(needed);
            capacity = needed;
        }
        (Width, Height, Step) = ((int)width, (int)height, step);
    }

    public void Dispose() => Free();

    private void Free()
    {
        NativeMemory.Free(Pixels);
        Pixels = null;
        capacity = 0;
    }
}
