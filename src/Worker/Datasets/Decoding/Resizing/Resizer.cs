using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>
/// Bilinear with antialias to size × size, as PIL's <c>resize(BILINEAR)</c> and therefore torchvision's <c>Resize</c> do it, to the bit: columns before rows,
/// 8 bits in between (<see cref="Taps"/>). An image that has the size already is not touched. One thread at a time.
/// </summary>
internal sealed unsafe class Resizer(int size, IResampling resampling) : IDisposable
{
    /// <summary>Data sets have few sizes, or very many.</summary>
    private const int MostTaps = 64;

    private readonly Dictionary<int, Taps> taps = [];
    private readonly Raster narrowed = new();
    private readonly Raster resized = new();

    public Resizer(int size)
        : this(size, Fastest)
    {
    }

    /// <summary>All that this processor can run, the fastest first; they give the same bytes.</summary>
    public static IReadOnlyList<IResampling> Available { get; } =
    [
        .. AvxVnni.IsSupported ? new IResampling[] { new VnniResampling() } : [],
        .. Avx2.IsSupported ? new IResampling[] { new Avx2Resampling() } : [],
        .. Vector128.IsHardwareAccelerated ? new IResampling[] { new VectorResampling() } : [],
        new ScalarResampling(),
    ];

    private static IResampling Fastest => Available[0];

    /// <param name="image">Of four bytes a pixel.</param>
    /// <param name="planes">Receives 3 × size × size bytes.</param>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void Resize(Raster image, byte* planes)
    {
        if (image.Width == size)
        {
            Shorten(image, planes);
            return;
        }
        Begin(image.Height);
        Take(image, 0);
        End(planes);
    }

    /// <summary>For an image that comes in parts, all of them as wide as it.</summary>
    /// <param name="height">Pixels, of the whole image.</param>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void Begin(int height) => narrowed.Reshape(size, height);

    /// <param name="part">Of four or three bytes a pixel.</param>
    /// <param name="top">The number of its first row.</param>
    public void Take(Raster part, int top) => resampling.Narrow(part, narrowed, top, TapsOf(part.Width));

    /// <param name="planes">Receives 3 × size × size bytes.</param>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void End(byte* planes) => Shorten(narrowed, planes);

    public void Dispose()
    {
        narrowed.Dispose();
        resized.Dispose();
    }

    private void Shorten(Raster image, byte* planes)
    {
        var source = image;
        if (source.Height != size)
        {
            resized.Reshape(size, size);
            resampling.Shorten(source, resized, TapsOf(source.Height));
            source = resized;
        }
        Planes.Split(source, planes);
    }

    private Taps TapsOf(int input)
    {
        if (taps.Count >= MostTaps && !taps.ContainsKey(input)) taps.Clear();
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(taps, input, out _);
        return known ??= Taps.Of(input, size);
    }
}
