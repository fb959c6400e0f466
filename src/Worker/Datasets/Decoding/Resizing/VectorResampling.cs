using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>Four channels of a pixel at once; for processors with vectors of 128 bits (SSE, NEON).</summary>
internal sealed unsafe class VectorResampling : IResampling
{
    public void Narrow(Raster image, Raster target, int top, Taps taps)
    {
        fixed (int* weights = taps.Weights)
        {
            for (var y = 0; y < image.Height; y++)
            {
                var row = image.Pixels + ((nint)y * image.Stride);
                var written = (uint*)(target.Pixels + ((nint)(top + y) * target.Stride));
                for (var x = 0; x < target.Width; x++)
                {
                    var pixel = row + ((nint)taps.First[x] * image.Step);
                    var weight = weights + ((nint)x * taps.Width);
                    var sum = Vector128.Create(Taps.Half);
                    for (var i = 0; i < taps.Count[x]; i++, pixel += image.Step) sum += Widen(*(uint*)pixel) * Vector128.Create(weight[i]);
                    written[x] = Bytes(sum);
                }
            }
        }
    }

    public void Shorten(Raster image, Raster target, Taps taps)
    {
        fixed (int* weights = taps.Weights)
        {
            for (var y = 0; y < target.Height; y++)
            {
                var first = image.Pixels + ((nint)taps.First[y] * image.Stride);
                var weight = weights + ((nint)y * taps.Width);
                var written = (uint*)(target.Pixels + ((nint)y * target.Stride));
                for (var x = 0; x < target.Width; x++)
                {
                    var sum = Vector128.Create(Taps.Half);
                    for (var i = 0; i < taps.Count[y]; i++) sum += Widen(((uint*)(first + ((nint)i * image.Stride)))[x]) * Vector128.Create(weight[i]);
                    written[x] = Bytes(sum);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();

    /// <summary>No sum is negative: weights are not, and add up to 1 within some 2⁻²⁰.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bytes(Vector128<int> sum)
    {
        var words = Vector128.Narrow(Vector128.Min(sum >> Taps.FractionBits, Vector128.Create((int)byte.MaxValue)), Vector128<int>.Zero).AsUInt16();
        return Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
