namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>The Huffman tables of one JPEG file after the other: most files of a data set have the same, and making one takes longer than a small file does.</summary>
internal sealed class JpegTables
{
    private const int Numbers = 4;

    private readonly JpegHuffmanTable?[] known = new JpegHuffmanTable?[2 * Numbers];
    private readonly bool[] isDefined = new bool[2 * Numbers];

    /// <summary>Null: the file has defined none of this number.</summary>
    public JpegHuffmanTable? Dc(int number) => Find(0, number);

    /// <summary>Null: the file has defined none of this number.</summary>
    public JpegHuffmanTable? Ac(int number) => Find(1, number);

    /// <summary>To be called where another file begins.</summary>
    public void Forget() => isDefined.AsSpan().Clear();

    /// <param name="content">Of a segment that defines tables.</param>
    /// <exception cref="BrokenFileException">It makes no sense.</exception>
    public void Read(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            var (kind, number) = (content[0] >> 4, content[0] & 15);
            if (kind > 1 || number >= Numbers) throw new BrokenFileException("has a Huffman table of a number that there is not");
            var place = (kind * Numbers) + number;
            known[place] = JpegHuffmanTable.Read(content[1..], known[place], out var length) ?? throw new BrokenFileException("has a Huffman table that makes no sense");
            isDefined[place] = true;
            content = content[(1 + length)..];
        }
    }

    private JpegHuffmanTable? Find(int kind, int number)
    {
        if (number >= Numbers) throw new BrokenFileException("has a scan with a Huffman table of a number that there is not");
        var place = (kind * Numbers) + number;
        return isDefined[place] ? known[place] : null;
    }
}
