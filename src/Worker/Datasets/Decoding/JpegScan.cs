namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Walks through a sequential scan, code by code: ITU-T T.81, F.2.2.</summary>
internal ref struct JpegScan(JpegBits bits, JpegFrame frame, JpegScanHeader scan, int restartInterval)
{
    private const int Coefficients = 64;

    private JpegBits bits = bits;

    /// <returns>Where its data ends.</returns>
    /// <exception cref="BrokenFileException">A code is none, or the data ends before the last block.</exception>
    public int Walk()
    {
        var units = new JpegIntervals(frame, scan, restartInterval);
        // One for each block of a unit.
        JpegScanComponent[] blocks = scan.Components is [var only] ? [only] : [.. scan.Components.SelectMany(c => Enumerable.Repeat(c, c.Component.Across * c.Component.Down))];
        for (var y = 0; y < units.Down; y++)
        {
            for (var x = 0; x < units.Across; x++)
            {
                units.Begin(ref bits, y);
                foreach (var block in blocks)
                    if (!Pass(block.Dc!, block.Ac!)) throw units.Damaged(y);
                if (bits.IsBeyond) throw units.Damaged(y);
            }
        }
        return bits.Position;
    }

    /// <summary>A block.</summary>
    private bool Pass(JpegHuffmanTable dc, JpegHuffmanTable ac)
    {
        var found = dc.Find(bits.Peek());
        if (found == 0) return false;
        bits.Skip((int)(found >> 8) + (int)(found & 15));
        for (var k = 1; k < Coefficients;)
        {
            found = ac.Find(bits.Peek());
            if (found == 0) return false;
            var (run, size) = ((int)(found >> 4) & 15, (int)found & 15);
            bits.Skip((int)(found >> 8) + size);
            if (size == 0 && run < 15) break;
            k += run + 1;
            // A run of zeros may lead beyond the last coefficient; another coefficient may not.
            if (k > Coefficients && size > 0) return false;
        }
        return true;
    }
}
