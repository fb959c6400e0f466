using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>
/// Two taps in one multiplication, which adds their products. It takes 16 bits of each factor; so a weight is cut in two (<see cref="Taps.Pairs"/>), and the
/// sums are joined at the end: the same integers.
/// </summary>
internal sealed unsafe class Avx2Resampling : IResampling
{
    private readonly ScalarResampling rest = new();

    /// <summary>Four rows at once, one in each half of two registers.</summary>
    public void Narrow(Raster image, Raster target, int top, Taps taps)
    {
        const int rows = 4;
        // Two pixels RGBARGBA, or RGBRGB, to pairs of 16 bits RR GG BB, and one that means nothing.
        var step = image.Step;
        var next = (byte)step;
        var half = Vector128.Create(0, 0x80, next, 0x80, 1, 0x80, (byte)(next + 1), 0x80, 2, 0x80, (byte)(next + 2), 0x80, 3, 0x80, (byte)(next + 3), 0x80);
        var pairs = Vector256.Create(half, half);
        var last = image.Height - 1;
        fixed (uint* weights = taps.Pairs)
        fixed (int* firsts = taps.First, counts = taps.Count)
        {
            for (var y = 0; y <= last; y += rows)
            {
                // Where fewer are left, the last one comes again, and gives the same.
                var (y1, y2, y3) = (Math.Min(y + 1, last), Math.Min(y + 2, last), Math.Min(y + 3, last));
                byte* row = Row(image, y), row1 = Row(image, y1), row2 = Row(image, y2), row3 = Row(image, y3);
                uint* written = (uint*)Row(target, top + y), written1 = (uint*)Row(target, top + y1), written2 = (uint*)Row(target, top + y2), written3 = (uint*)Row(target, top + y3);
                for (var x = 0; x < target.Width; x++)
                {
                    var weight = weights + ((nint)x * taps.Width);
                    var end = weight + counts[x];
                    var offset = (nint)firsts[x] * step;
                    Vector256<int> highs = Vector256<int>.Zero, highs2 = highs, lows = Vector256.Create(Taps.Half), lows2 = lows;
                    for (; weight < end; weight += 2, offset += 2 * step)
                    {
                        var values = Avx2.Shuffle(Both(row + offset, row1 + offset), pairs).AsInt16();
                        var values2 = Avx2.Shuffle(Both(row2 + offset, row3 + offset), pairs).AsInt16();
                        var high = Vector256.Create(weight[0]).AsInt16();
                        var low = Vector256.Create(weight[1]).AsInt16();
                        highs += Avx2.MultiplyAddAdjacent(values, high);
                        highs2 += Avx2.MultiplyAddAdjacent(values2, high);
                        lows += Avx2.MultiplyAddAdjacent(values, low);
                        lows2 += Avx2.MultiplyAddAdjacent(values2, low);
                    }
                    WritePixels(Join(highs, lows), Join(highs2, lows2), written + x, written1 + x, written2 + x, written3 + x);
                }
            }
        }
    }

    /// <summary>Four pixels at once; those left over at the end of a row go one by one.</summary>
    public void Shorten(Raster image, Raster target, Taps taps)
    {
        const int step = 16;
        if (target.Stride < step)
        {
            rest.Shorten(image, target, taps);
            return;
        }
        fixed (uint* weights = taps.Pairs)
        {
            for (var y = 0; y < target.Height; y++)
            {
                var first = image.Pixels + ((nint)taps.First[y] * image.Stride);
                var written = target.Pixels + ((nint)y * target.Stride);
                var weight = weights + ((nint)y * taps.Width);
                for (var at = 0; at < target.Stride; at += step)
                {
                    // The last step overlaps the one before.
                    var x = Math.Min(at, target.Stride - step);
                    Vector256<int> highs = Vector256<int>.Zero, highs2 = highs, lows = Vector256.Create(Taps.Half), lows2 = lows;
                    var row = first + x;
                    for (var i = 0; i < taps.Count[y]; i += 2)
                    {
                        var one = Vector128.Load(row);
                        // A last odd tap has no row below it; its second weight is 0.
                        var two = i + 1 < taps.Count[y] ? Vector128.Load(row + image.Stride) : one;
                        row += 2 * (nint)image.Stride;
                        var values = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(one, two));
                        var values2 = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(one, two));
                        var high = Vector256.Create(weight[i]).AsInt16();
                        var low = Vector256.Create(weight[i + 1]).AsInt16();
                        highs += Avx2.MultiplyAddAdjacent(values, high);
                        highs2 += Avx2.MultiplyAddAdjacent(values2, high);
                        lows += Avx2.MultiplyAddAdjacent(values, low);
                        lows2 += Avx2.MultiplyAddAdjacent(values2, low);
                    }
                    // Packing works on each half: pixels 0 and 2 come out in the lower, 1 and 3 in the upper.
                    var bytes = Bytes(Join(highs, lows), Join(highs2, lows2)).AsUInt32();
                    Vector128.Create(bytes.GetElement(0), bytes.GetElement(4), bytes.GetElement(1), bytes.GetElement(5)).AsByte().Store(written + x);
                }
            }
        }
    }

    internal static byte* Row(Raster image, int y) => image.Pixels + ((nint)y * image.Stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Both(byte* lower, byte* upper)
        => Vector256.Create(Vector128.CreateScalarUnsafe(*(ulong*)lower), Vector128.CreateScalarUnsafe(*(ulong*)upper)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Join(Vector256<int> high, Vector256<int> low) => ((high << Taps.LowBits) + low) >> Taps.FractionBits;

    /// <summary>A pixel in each of four rows, from their sums: of the first two rows in the halves of one register, of the others in those of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WritePixels(Vector256<int> first, Vector256<int> second, uint* pixel, uint* pixel1, uint* pixel2, uint* pixel3)
    {
        var bytes = Bytes(first, second).AsUInt32();
        var lower = bytes.GetLower();
        var upper = bytes.GetUpper();
        *pixel = lower.ToScalar();
        *pixel1 = upper.ToScalar();
        *pixel2 = lower.GetElement(1);
        *pixel3 = upper.GetElement(1);
    }

    /// <summary>Sums of four pixels to bytes, two pixels at the beginning of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bytes(Vector256<int> first, Vector256<int> second)
    {
        var words = Avx2.PackSignedSaturate(first, second);
        return Avx2.PackUnsignedSaturate(words, words);
    }
}
