using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

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
        .. Avx2.IsSupported ? new IResampling[] { new Avx2Resampling() } : [],
        .. Vector128.IsHardwareAccelerated ? new IResampling[] { new VectorResampling() } : [],
        new ScalarResampling(),
    ];

    private static IResampling Fastest => Available[0];

    /// <param name="planes">Receives 3 × size × size bytes.</param>
    /// <exception cref="OutOfMemoryException">Memory is short.</exception>
    public void Resize(Raster image, byte* planes)
    {
        var source = image;
        if (source.Width != size)
        {
            narrowed.Reshape(size, source.Height);
            resampling.Narrow(source, narrowed, TapsOf(source.Width));
            source = narrowed;
        }
        if (source.Height != size)
        {
            resized.Reshape(size, size);
            resampling.Shorten(source, resized, TapsOf(source.Height));
            source = resized;
        }
        Planes.Split(source, planes);
    }

    public void Dispose()
    {
        narrowed.Dispose();
        resized.Dispose();
    }

    private Taps TapsOf(int input)
    {
        if (taps.Count >= MostTaps && !taps.ContainsKey(input)) taps.Clear();
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(taps, input, out _);
        return known ??= Taps.Of(input, size);
    }
}
