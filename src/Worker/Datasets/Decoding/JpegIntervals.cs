namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>The units of a scan, row by row: of one component blocks, of several MCUs of some blocks each; and the restart markers between them.</summary>
internal struct JpegIntervals
{
    private readonly JpegFrame frame;
    private readonly int interval;
    private readonly int unitRows;
    private int left;
    private int next;

    public JpegIntervals(JpegFrame frame, JpegScanHeader scan, int interval)
    {
        this.frame = frame;
        this.interval = interval;
        left = interval;
        if (scan.Components is [var only])
        {
            (Across, Down) = frame.BlocksOf(only.Component);
            unitRows = JpegFrame.BlockSide * frame.MostDown / only.Component.Down;
        }
        else
        {
            unitRows = JpegFrame.BlockSide * frame.MostDown;
            Across = JpegFrame.Ceiling(frame.Width, JpegFrame.BlockSide * frame.MostAcross);
            Down = JpegFrame.Ceiling(frame.Height, unitRows);
        }
    }

    /// <summary>Units in a row.</summary>
    public int Across { get; }

    /// <summary>Rows of units.</summary>
    public int Down { get; }

    /// <summary>To be called before each unit.</summary>
    /// <returns>Whether a restart marker was passed: what was remembered of earlier units is void.</returns>
    /// <exception cref="BrokenFileException">The marker is not where it must be.</exception>
    public bool Begin(ref JpegBits bits, int row)
    {
        if (interval == 0) return false;
        if (left-- > 0) return false;
        left = interval - 1;
        if (!bits.Restart(next)) throw Damaged(row);
        next = (next + 1) & 7;
        return true;
    }

    public readonly BrokenFileException Damaged(int row)
        => new($"its compressed data is damaged or ends early: of {frame.Height} rows of pixels those from {Math.Min(row * unitRows, frame.Height - 1)} on are wrong or missing");
}
