using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>What a number of bits of a block's coefficients (not its first) holds.</summary>
/// <param name="Bits">To go on by, with the bits that follow the last code; 0: the first code is a long one, or none.</param>
/// <param name="Coefficients">To go on by, those in runs of zeros too; more than a block has where the block ends.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JpegLook(byte Bits, byte Coefficients)
{
    /// <summary>Added to <see cref="Coefficients"/> by an end of block.</summary>
    public const int End = 128;

    /// <param name="look">As <see cref="JpegHuffmanTable.Find"/> gives them.</param>
    public static JpegLook Of(int index, ushort[] look)
    {
        var (bits, coefficients) = (0, 0);
        while (bits < JpegHuffmanTable.LookBits)
        {
            // What is shifted in from the right is no part of a code that is short enough.
            var found = look[(index << bits) & ((1 << JpegHuffmanTable.LookBits) - 1)];
            var length = found >> 8;
            if (found == 0 || length > JpegHuffmanTable.LookBits - bits) break;
            var (run, size) = ((found >> 4) & 15, found & 15);
            if (coefficients + run + 1 >= End) break;
            bits += length + size;
            if (size == 0 && run < 15) return new JpegLook((byte)bits, (byte)(coefficients + End));
            coefficients += run + 1;
        }
        return new JpegLook((byte)bits, (byte)coefficients);
    }
}
