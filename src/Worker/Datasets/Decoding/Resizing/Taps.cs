namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>
/// Which inputs each output of a one-dimensional reduction (or enlargement) is the weighted sum of, as in PIL's <c>resize(BILINEAR)</c>: a triangle
/// filter whose support grows with the reduction, and weights in fixed point.
/// </summary>
internal sealed class Taps
{
    /// <summary>Of a weight: 8 bits of 32 are the pixel's, one is the sign's, one is room.</summary>
    public const int FractionBits = 32 - 8 - 2;

    public const int Half = 1 << (FractionBits - 1);

    /// <summary>A weight is <c>high · 2^LowBits + low</c>, so that each part fits into 16 bits.</summary>
    public const int LowBits = 11;

    /// <summary>A weight is also <c>high · 2^(2 · PartBits) + middle · 2^PartBits + low</c>, so that each part fits into a signed byte.</summary>
    public const int PartBits = 8;

    /// <summary>Of a weight in <see cref="Quads"/>.</summary>
    public const int Parts = 3;

    private const int Quad = 4;

    private Taps(int outputs, int width)
    {
        Width = width;
        First = new int[outputs];
        Count = new int[outputs];
        Weights = new int[outputs * width];
        Pairs = new uint[outputs * width];
        Quads = new uint[outputs * width / Quad * Parts];
    }

    /// <summary>Weights for each output; a multiple of four, since some take two or four at a time.</summary>
    public int Width { get; }

    /// <summary>The first input of each output.</summary>
    public int[] First { get; }

    /// <summary>The number of inputs of each output.</summary>
    public int[] Count { get; }

    /// <summary>For each output <see cref="Width"/>; those after the last input's are 0.</summary>
    public int[] Weights { get; }

    /// <summary>The same by twos: the high parts of both, then their low parts, the second weight's in the upper 16 bits.</summary>
    public uint[] Pairs { get; }

    /// <summary>The same by fours: the high parts of all four, the middle ones, the low ones, the first weight's in the lowest byte.</summary>
    public uint[] Quads { get; }

    public static Taps Of(int input, int output)
    {
        var scale = (double)input / output;
        var support = Math.Max(scale, 1.0);
        var taps = new Taps(output, (((int)Math.Ceiling(support) * 2) + 2 + Quad - 1) / Quad * Quad);
        var triangle = new double[taps.Width];
        for (var o = 0; o < output; o++)
        {
            var centre = (o + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var last = Math.Min((int)(centre + support + 0.5), input);
            var total = 0.0;
            for (var i = first; i < last; i++)
            {
                triangle[i - first] = Math.Max(0.0, 1.0 - Math.Abs((i - centre + 0.5) / support));
                total += triangle[i - first];
            }
            (taps.First[o], taps.Count[o]) = (first, last - first);
            for (var i = 0; i < last - first; i++) taps.Weights[(o * taps.Width) + i] = (int)(0.5 + (triangle[i] / total * (1 << FractionBits)));
        }
        taps.CutInTwo();
        taps.CutInThree();
        return taps;
    }

    private void CutInTwo()
    {
        const uint low = (1u << LowBits) - 1;
        for (var i = 0; i < Pairs.Length; i += 2)
        {
            var (first, second) = ((uint)Weights[i], (uint)Weights[i + 1]);
            Pairs[i] = (first >> LowBits) | (second >> LowBits << 16);
            Pairs[i + 1] = (first & low) | ((second & low) << 16);
        }
    }

    private void CutInThree()
    {
        for (var i = 0; i < Weights.Length; i++)
        {
            var (place, shift) = (i / Quad * Parts, i % Quad * 8);
            // What is rounded up in a lower part is negative there.
            for (var (part, left) = (Parts - 1, Weights[i]); part >= 0; part--)
            {
                var value = part > 0 ? (sbyte)left : left;
                Quads[place + part] |= (uint)(byte)value << shift;
                left = (left - value) >> PartBits;
            }
        }
    }
}
