using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static NeuralCapacitance.Worker.Datasets.Decoding.Resizing.Avx2Resampling;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>
/// Four taps in one multiplication, which adds their products to a sum. It takes a byte and a signed byte; so a weight is cut in three
/// (<see cref="Taps.Quads"/>), and the sums are joined at the end: the same integers.
/// </summary>
internal sealed unsafe class VnniResampling : IResampling
{
    private const int Together = 4;

    private readonly ScalarResampling rest = new();

    /// <summary>Four rows at once, one in each half of two registers.</summary>
    public void Narrow(Raster image, Raster target, int top, Taps taps)
    {
        // Four pixels RGBARGBA…, or RGBRGB…, to RRRR GGGG BBBB, and four that mean nothing.
        var step = image.Step;
        var red = (uint)((step << 8) | (2 * step << 16) | (3 * step << 24));
        var colours = Vector128.Create(red, red + 0x01010101, red + 0x02020202, 0x80808080).AsByte();
        var byColour = Vector256.Create(colours, colours);
        var last = image.Height - 1;
        var size = taps.Width / Together * Taps.Parts;
        fixed (uint* weights = taps.Quads)
        fixed (int* firsts = taps.First, counts = taps.Count)
        {
            for (var y = 0; y <= last; y += Together)
            {
                // Where fewer are left, the last one comes again, and gives the same.
                var (y1, y2, y3) = (Math.Min(y + 1, last), Math.Min(y + 2, last), Math.Min(y + 3, last));
                byte* row = Row(image, y), row1 = Row(image, y1), row2 = Row(image, y2), row3 = Row(image, y3);
                uint* written = (uint*)Row(target, top + y), written1 = (uint*)Row(target, top + y1), written2 = (uint*)Row(target, top + y2), written3 = (uint*)Row(target, top + y3);
                for (var x = 0; x < target.Width; x++)
                {
                    var weight = weights + ((nint)x * size);
                    var offset = (nint)firsts[x] * step;
                    var end = offset + ((nint)counts[x] * step);
                    Sums sums = Sums.Zero, sums2 = sums;
                    for (; offset < end; weight += Taps.Parts, offset += Together * step)
                    {
                        Vector256<sbyte> high = Part(weight), middle = Part(weight + 1), low = Part(weight + 2);
                        sums.Add(Avx2.Shuffle(Both(row + offset, row1 + offset), byColour), high, middle, low);
                        sums2.Add(Avx2.Shuffle(Both(row2 + offset, row3 + offset), byColour), high, middle, low);
                    }
                    WritePixels(sums.Join(), sums2.Join(), written + x, written1 + x, written2 + x, written3 + x);
                }
            }
        }
    }

    /// <summary>Eight pixels at once; those left over at the end of a row go with some before them.</summary>
    public void Shorten(Raster image, Raster target, Taps taps)
    {
        var step = Vector256<byte>.Count;
        if (target.Stride < step)
        {
            rest.Shorten(image, target, taps);
            return;
        }
        var size = taps.Width / Together * Taps.Parts;
        fixed (uint* weights = taps.Quads)
        {
            for (var y = 0; y < target.Height; y++)
            {
                var (first, last) = (taps.First[y], taps.First[y] + taps.Count[y] - 1);
                var written = Row(target, y);
                for (var at = 0; at < target.Stride; at += step)
                {
                    var x = Math.Min(at, target.Stride - step);
                    var weight = weights + ((nint)y * size);
                    Sums sums = Sums.Zero, sums2 = sums, sums3 = sums, sums4 = sums;
                    for (var row = first; row <= last; row += Together, weight += Taps.Parts)
                    {
                        // After the last tap there may be no row; the weights are 0.
                        var one = Vector256.Load(Row(image, row) + x);
                        var two = Vector256.Load(Row(image, Math.Min(row + 1, last)) + x);
                        var three = Vector256.Load(Row(image, Math.Min(row + 2, last)) + x);
                        var four = Vector256.Load(Row(image, Math.Min(row + 3, last)) + x);
                        Vector256<short> lower = Avx2.UnpackLow(one, two).AsInt16(), lower2 = Avx2.UnpackLow(three, four).AsInt16();
                        Vector256<short> upper = Avx2.UnpackHigh(one, two).AsInt16(), upper2 = Avx2.UnpackHigh(three, four).AsInt16();
                        Vector256<sbyte> high = Part(weight), middle = Part(weight + 1), low = Part(weight + 2);
                        sums.Add(Avx2.UnpackLow(lower, lower2).AsByte(), high, middle, low);
                        sums2.Add(Avx2.UnpackHigh(lower, lower2).AsByte(), high, middle, low);
                        sums3.Add(Avx2.UnpackLow(upper, upper2).AsByte(), high, middle, low);
                        sums4.Add(Avx2.UnpackHigh(upper, upper2).AsByte(), high, middle, low);
                    }
                    // Packing undoes what unpacking did within each half.
                    var words = Avx2.PackSignedSaturate(sums.Join(), sums2.Join());
                    var words2 = Avx2.PackSignedSaturate(sums3.Join(), sums4.Join());
                    Avx2.PackUnsignedSaturate(words, words2).Store(written + x);
                }
            }
        }
    }

    private static Vector256<sbyte> Part(uint* weight) => Vector256.Create(*weight).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Both(byte* lower, byte* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

    /// <summary>One for each part of the weights.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Sums
    {
        private Vector256<int> high;
        private Vector256<int> middle;
        private Vector256<int> low;

        public static Sums Zero => new() { low = Vector256.Create(Taps.Half) };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<byte> values, Vector256<sbyte> highs, Vector256<sbyte> middles, Vector256<sbyte> lows)
        {
            high = AvxVnni.MultiplyWideningAndAdd(high, values, highs);
            middle = AvxVnni.MultiplyWideningAndAdd(middle, values, middles);
            low = AvxVnni.MultiplyWideningAndAdd(low, values, lows);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<int> Join() => ((high << (2 * Taps.PartBits)) + (middle << Taps.PartBits) + low) >> Taps.FractionBits;
    }
}
