namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>
/// What the next bits of a block's coefficients (not its first) hold: all codes that are whole in them, one after the other. A number: in the lower eight
/// bits, how many bits to go on by, with those that follow the last code; above, how many coefficients, those in runs of zeros too.
/// </summary>
internal static class JpegLook
{
    /// <summary>Added to the coefficients where the block ends; fewer than 64 come before it.</summary>
    public const int End = 128;

    /// <summary>The coefficients where the first code is a long one, or none: however few came before, this is beyond the block's last.</summary>
    public const int Unknown = 64;

    public const int CoefficientsAt = 8;

    /// <summary>So that after two of them there is another look's in what is loaded at once.</summary>
    private const int MostBits = (64 - 7 - JpegHuffmanTable.LookBits) / 2;

    /// <param name="look">As <see cref="JpegHuffmanTable.Find"/> gives them.</param>
    public static ushort Of(int index, ushort[] look)
    {
        var (bits, coefficients) = (0, 0);
        while (bits < JpegHuffmanTable.LookBits)
        {
            // What is shifted in from the right is no part of a code that is short enough.
            var found = look[(index << bits) & ((1 << JpegHuffmanTable.LookBits) - 1)];
            var length = found >> 8;
            if (found == 0 || length > JpegHuffmanTable.LookBits - bits) break;
            var (run, size) = ((found >> 4) & 15, found & 15);
            if (size == 0 && run < 15) return Entry(bits + length, coefficients + End);
            if (coefficients + run + 1 >= Unknown || bits + length + size > MostBits) break;
            bits += length + size;
            coefficients += run + 1;
        }
        return bits == 0 ? Entry(0, Unknown) : Entry(bits, coefficients);
    }

    private static ushort Entry(int bits, int coefficients) => (ushort)(bits | (coefficients << CoefficientsAt));
}
