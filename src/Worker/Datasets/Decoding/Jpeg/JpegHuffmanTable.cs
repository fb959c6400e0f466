namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>
/// A Huffman table of a JPEG file (ITU-T T.81, annex C), for whoever wants to know where codes end and not what they mean. A symbol's upper four bits
/// are a run, the lower four the number of bits that follow the code.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Bits that are looked at together; longer codes are rare.</summary>
    public const int LookBits = 11;

    private const int MostBits = 16;
    private const int MostSymbols = 256;

    private readonly int[] most = new int[MostBits + 1];
    private readonly int[] offset = new int[MostBits + 1];
    private readonly byte[] definition;
    private readonly ushort[] look = new ushort[1 << LookBits];
    private ushort[]? steps;

    private JpegHuffmanTable(byte[] definition) => this.definition = definition;

    /// <summary>For each beginning of <see cref="LookBits"/> bits what <see cref="Find"/> says; 0 also where a longer code begins so.</summary>
    public ReadOnlySpan<ushort> Look => look;

    /// <summary>For each beginning of <see cref="LookBits"/> bits, as <see cref="JpegLook"/> says.</summary>
    public ushort[] Steps => steps ??= Array.ConvertAll(Enumerable.Range(0, 1 << LookBits).ToArray(), i => JpegLook.Of(i, look));

    /// <summary>A table at the start of <paramref name="bytes"/>; null where it is not a table.</summary>
    /// <param name="bytes">Sixteen numbers of codes by length, and the symbols.</param>
    /// <param name="known">The table that an earlier file had at this place: most files of a data set have the same.</param>
    /// <param name="length">Bytes that it takes.</param>
    public static JpegHuffmanTable? Read(ReadOnlySpan<byte> bytes, JpegHuffmanTable? known, out int length)
    {
        length = 0;
        if (bytes.Length < MostBits) return null;
        var count = 0;
        foreach (var number in bytes[..MostBits]) count += number;
        if (count > MostSymbols || bytes.Length < MostBits + count) return null;
        length = MostBits + count;
        if (known is not null && bytes[..length].SequenceEqual(known.definition)) return known;
        var table = new JpegHuffmanTable(bytes[..length].ToArray());
        return table.Assign() ? table : null;
    }

    /// <summary>The next symbol and its code's length, <c>length &lt;&lt; 8 | symbol</c>; 0 where no code begins so.</summary>
    /// <param name="next">The next bits, the first one on top.</param>
    public uint Find(ulong next)
    {
        var found = look[next >> (64 - LookBits)];
        return found != 0 ? found : FindLong(next);
    }

    private uint FindLong(ulong next)
    {
        for (var bits = LookBits + 1; bits <= MostBits; bits++)
        {
            var code = (int)(next >> (64 - bits));
            if (code <= most[bits]) return (uint)(bits << 8) | definition[MostBits + code + offset[bits]];
        }
        return 0;
    }

    private bool Assign()
    {
        var (code, next) = (0, 0);
        for (var bits = 1; bits <= MostBits; bits++, code <<= 1)
        {
            var count = definition[bits - 1];
            if (code + count > 1 << bits) return false;
            offset[bits] = next - code;
            for (var left = count; left > 0; left--, next++, code++)
            {
                if (bits <= LookBits) look.AsSpan(code << (LookBits - bits), 1 << (LookBits - bits)).Fill((ushort)((bits << 8) | definition[MostBits + next]));
            }
            most[bits] = count > 0 ? code - 1 : -1;
        }
        return true;
    }
}
