namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <param name="Id">By which scans name it.</param>
/// <param name="Across">Sampling factor, 1 … 4.</param>
/// <param name="Down">Sampling factor, 1 … 4.</param>
internal sealed record JpegComponent(byte Id, int Across, int Down);

/// <summary>What a JPEG file's start of frame says.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record JpegFrame(bool IsProgressive, int Width, int Height, JpegComponent[] Components)
{
    public const int BlockSide = 8;

    private const int MostFactor = 4;

    public int MostAcross { get; } = Components.Max(c => c.Across);

    public int MostDown { get; } = Components.Max(c => c.Down);

    /// <param name="marker">C0 … CF.</param>
    /// <param name="content">Of the segment, after its length.</param>
    /// <exception cref="BrokenFileException">It makes no sense, or the frame is of a kind that is not read.</exception>
    public static JpegFrame Read(byte marker, ReadOnlySpan<byte> content)
    {
        if (marker is not (0xC0 or 0xC1 or 0xC2))
            throw new BrokenFileException($"is a JPEG of a kind that is not read ({(marker is 0xC9 or 0xCA ? "arithmetic coding" : $"SOF{marker & 15}")}); accepted are baseline, extended and progressive ones with Huffman coding");
        if (content.Length < 6 || content.Length < 6 + (3 * content[5])) throw new BrokenFileException("its start of frame is cut short");
        if (content[0] != 8) throw new BrokenFileException($"has {content[0]} bits a sample; accepted are 8");
        var (height, width) = ((content[1] << 8) | content[2], (content[3] << 8) | content[4]);
        Raster.RequireSize(width, height);
        var components = new JpegComponent[content[5]];
        if (components.Length is < 1 or > 4) throw new BrokenFileException($"has {components.Length} components; accepted are 1 to 4");
        for (var i = 0; i < components.Length; i++)
        {
            var at = content[(6 + (3 * i))..];
            components[i] = new JpegComponent(at[0], at[1] >> 4, at[1] & 15);
            if (components[i].Across is < 1 or > MostFactor || components[i].Down is < 1 or > MostFactor) throw new BrokenFileException("has a sampling factor beyond 1 to 4");
        }
        return new JpegFrame(marker == 0xC2, width, height, components);
    }

    /// <summary>Blocks of 8×8 of a component, without those that only fill up an MCU.</summary>
    public (int Across, int Down) BlocksOf(JpegComponent component)
        => (Blocks(Width, component.Across, MostAcross), Blocks(Height, component.Down, MostDown));

    private static int Blocks(int pixels, int factor, int most) => Ceiling(Ceiling(pixels * factor, most), BlockSide);

    public static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
