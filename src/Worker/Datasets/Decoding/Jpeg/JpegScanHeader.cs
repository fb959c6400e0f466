namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <param name="Dc">Null: the file has none of this number.</param>
/// <param name="Ac">Null: the file has none of this number.</param>
internal sealed record JpegScanComponent(JpegComponent Component, JpegHuffmanTable? Dc, JpegHuffmanTable? Ac);

/// <summary>What a JPEG file's start of scan says.</summary>
/// <param name="First">Of the coefficients, 0 … 63.</param>
/// <param name="Last">Of the coefficients, 0 … 63.</param>
/// <param name="IsRefinement">Whether it adds a bit to coefficients of earlier scans.</param>
internal sealed record JpegScanHeader(JpegScanComponent[] Components, int First, int Last, bool IsRefinement, bool IsProgressive)
{
    private const int MostBlocks = 10;

    /// <summary>Files without tables of their own (frames of Motion JPEG) mean tables that the decoder knows; what then is in a scan is not looked at.</summary>
    public bool HasTables => Array.TrueForAll(Components, c => (c.Dc is not null || !NeedsDc) && (c.Ac is not null || !NeedsAc));

    /// <summary>The component of each block of an MCU, in order; of a scan of one component, of a block.</summary>
    public JpegScanComponent[] BlocksOfUnit()
    {
        if (Components.Length == 1) return Components;
        // A small file is no longer than what LINQ takes for this.
        var blocks = new JpegScanComponent[BlocksOf(Components)];
        var at = 0;
        foreach (var component in Components)
        {
            var count = component.Component.Across * component.Component.Down;
            blocks.AsSpan(at, count).Fill(component);
            at += count;
        }
        return blocks;
    }

    private static int BlocksOf(JpegScanComponent[] components)
    {
        var blocks = 0;
        foreach (var component in components) blocks += component.Component.Across * component.Component.Down;
        return blocks;
    }

    private bool NeedsDc => !IsProgressive || (First == 0 && !IsRefinement);

    private bool NeedsAc => !IsProgressive || First > 0;

    /// <exception cref="BrokenFileException">It makes no sense.</exception>
    public static JpegScanHeader Read(ReadOnlySpan<byte> content, JpegFrame frame, JpegTables tables)
    {
        if (content.Length < 1 || content[0] is < 1 or > 4 || content.Length != 4 + (2 * content[0])) throw new BrokenFileException("has a start of scan that makes no sense");
        var components = new JpegScanComponent[content[0]];
        for (var i = 0; i < components.Length; i++)
        {
            var (id, numbers) = (content[1 + (2 * i)], content[2 + (2 * i)]);
            var component = Array.Find(frame.Components, c => c.Id == id) ?? throw new BrokenFileException($"has a scan of a component {id} that its frame does not have");
            components[i] = new JpegScanComponent(component, tables.Dc(numbers >> 4), tables.Ac(numbers & 15));
        }
        if (components.Length > 1 && BlocksOf(components) > MostBlocks) throw new BrokenFileException("has too large sampling factors");
        var (first, last, approximation) = (content[^3], content[^2], content[^1]);
        if (frame.IsProgressive && (last > 63 || first > last || (first == 0 && last > 0) || (first > 0 && components.Length > 1)))
            throw new BrokenFileException($"has a scan of coefficients {first} to {last}, which makes no sense");
        return new JpegScanHeader(components, first, last, approximation >> 4 > 0, frame.IsProgressive);
    }
}
