using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>
/// Walks through a JPEG file (ITU-T T.81, annex B) to see whether all of its pixels are there, which the decoder does not tell: whether its markers lead
/// to the end of the image, and its scans have a code for every block. What costs no pixel is no fault: bytes between segments or after the end, odd
/// numbers in JFIF or in a sequential scan's header.
/// </summary>
internal ref struct JpegFile
{
    private const int MostScans = 500;

    /// <summary>Each pass over a pixel costs time, and a few bytes can ask for many.</summary>
    private const long MostScannedPixels = 2_000_000_000;

    private readonly ReadOnlySpan<byte> file;
    private readonly JpegTables tables;
    private int position = 2;
    private int restartInterval;
    private int scans;
    private JpegFrame? frame;
    private Dictionary<byte, ulong[]>? masks;

    private JpegFile(ReadOnlySpan<byte> file, JpegTables tables)
    {
        this.file = file;
        this.tables = tables;
    }

    /// <param name="file">Begins with a start of image.</param>
    /// <param name="tables">Those of earlier files, which this one may have too.</param>
    /// <returns>Of the image.</returns>
    /// <exception cref="BrokenFileException">Pixels are missing, or it is of a kind that is not read.</exception>
    public static JpegFrame RequireWhole(ReadOnlySpan<byte> file, JpegTables tables)
    {
        tables.Forget();
        return new JpegFile(file, tables).Walk();
    }

    private JpegFrame Walk()
    {
        while (true)
        {
            switch (NextMarker())
            {
                case 0xD9 when scans > 0:
                    return frame!;
                case 0xD9:
                    throw new BrokenFileException("ends before its image begins");
                case 0xD8:
                    throw new BrokenFileException("has a second start of image");
                case 0x01 or (>= 0xD0 and <= 0xD7):
                    break; // These stand alone.
                case 0xC4:
                    tables.Read(Segment());
                    break;
                case 0xDD:
                    var interval = Segment();
                    restartInterval = interval.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(interval) : 0;
                    break;
                case 0xDA:
                    ReadScan(Segment());
                    break;
                case 0xC8 or 0xCC or 0xDB or 0xDC or 0xFE or (>= 0xE0 and <= 0xEF):
                    Segment();
                    break;
                case >= 0xC0 and <= 0xCF and var start:
                    if (frame is not null) throw new BrokenFileException("has a second frame");
                    frame = JpegFrame.Read(start, Segment());
                    break;
                case var other:
                    throw new BrokenFileException($"has an unknown marker {other:x2} at byte {position - 1}");
            }
        }
    }

    /// <summary>Whatever comes before it is skipped.</summary>
    private byte NextMarker()
    {
        while (true)
        {
            var found = position < file.Length ? file[position..].IndexOf((byte)0xFF) : -1;
            if (found < 0) throw EndsEarly();
            position += found;
            while (position < file.Length && file[position] == 0xFF) position++;
            if (position >= file.Length) throw EndsEarly();
            if (file[position++] is var marker and not 0) return marker;
        }
    }

    private readonly BrokenFileException EndsEarly() => scans == 0
        ? new BrokenFileException("file ends before its image begins")
        : new BrokenFileException("file ends before the end of its image: pixels may be missing");

    private ReadOnlySpan<byte> Segment()
    {
        if (position + 2 > file.Length) throw EndsEarly();
        var length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
        if (length < 2) throw new BrokenFileException($"has a segment of length {length} at byte {position}");
        if (position + length > file.Length) throw EndsEarly();
        var content = file.Slice(position + 2, length - 2);
        position += length;
        return content;
    }

    private void ReadScan(ReadOnlySpan<byte> header)
    {
        if (frame is null) throw new BrokenFileException("has a scan before its frame");
        if (++scans > MostScans || (long)scans * frame.Width * frame.Height > MostScannedPixels) throw new BrokenFileException($"has too many scans; accepted are {MostScans}, and fewer of a large image");
        if (!frame.IsProgressive && scans > frame.Components.Length) throw new BrokenFileException($"has more scans than its {frame.Components.Length} components");
        var scan = JpegScanHeader.Read(header, frame, tables);
        var bits = new JpegBits(file, position);
        if (scan.HasTables)
        {
            position = frame.IsProgressive
                ? new JpegProgressiveScan(bits, frame, scan, restartInterval, scan.First > 0 ? MaskOf(scan.Components[0].Component) : []).Walk()
                : WalkSequential(bits, scan);
        }
        SkipData();
    }

    private readonly int WalkSequential(JpegBits bits, JpegScanHeader scan)
    {
        var units = new JpegIntervals(frame!, scan, restartInterval);
        return restartInterval == 0 && JpegLanes.AreWhole(file[position..], scan, units.Across * units.Down, out var length)
            ? position + length
            : new JpegScan(bits, frame!, scan, restartInterval).Walk();
    }

    /// <summary>Which coefficients of each block of a component earlier scans have made other than 0.</summary>
    private ulong[] MaskOf(JpegComponent component)
    {
        masks ??= [];
        if (masks.TryGetValue(component.Id, out var mask)) return mask;
        var (across, down) = frame!.BlocksOf(component);
        return masks[component.Id] = new ulong[across * down];
    }

    /// <summary>To the marker that ends the scan.</summary>
    private void SkipData()
    {
        while (position < file.Length)
        {
            var found = file[position..].IndexOf((byte)0xFF);
            position = found < 0 ? file.Length : position + found;
            if (position + 1 < file.Length && file[position + 1] is not (0 or (>= 0xD0 and <= 0xD7) or 0xFF)) return;
            position += position + 1 < file.Length && file[position + 1] == 0xFF ? 1 : 2;
        }
    }
}
