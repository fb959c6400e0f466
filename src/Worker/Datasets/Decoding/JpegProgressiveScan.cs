using System.Numerics;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Walks through a scan of a progressive file, code by code: ITU-T T.81, annex G.</summary>
/// <param name="mask">For each block of the only component, bit k: coefficient k is not 0; the scan adds to it.</param>
internal ref struct JpegProgressiveScan(JpegBits bits, JpegFrame frame, JpegScanHeader scan, int restartInterval, ulong[] mask)
{
    private JpegBits bits = bits;
    private int blocksToSkip;

    /// <returns>Where its data ends.</returns>
    /// <exception cref="BrokenFileException">A code is none, or the data ends before the last block.</exception>
    public int Walk()
    {
        var units = new JpegIntervals(frame, scan, restartInterval);
        var blocks = scan.BlocksOfUnit();
        for (var y = 0; y < units.Down; y++)
        {
            for (var x = 0; x < units.Across; x++)
            {
                if (units.Begin(ref bits, y)) blocksToSkip = 0;
                var isRight = true;
                if (scan.First == 0)
                {
                    foreach (var block in blocks) isRight &= PassFirst(block.Dc);
                }
                else
                {
                    ref var nonzero = ref mask[(y * units.Across) + x];
                    isRight = scan.IsRefinement ? Refine(blocks[0].Ac!, ref nonzero) : Pass(blocks[0].Ac!, ref nonzero);
                }
                if (!isRight || bits.IsBeyond) throw units.Damaged(y);
            }
        }
        return bits.Position;
    }

    /// <summary>A first coefficient, or a bit of it.</summary>
    private bool PassFirst(JpegHuffmanTable? table)
    {
        if (scan.IsRefinement)
        {
            bits.Take(1);
            return true;
        }
        var found = table!.Find(bits.Peek());
        bits.Skip((int)(found >> 8) + ((int)found & 15));
        return found != 0;
    }

    private bool Pass(JpegHuffmanTable table, ref ulong nonzero)
    {
        if (blocksToSkip > 0)
        {
            blocksToSkip--;
            return true;
        }
        for (var k = scan.First; k <= scan.Last; k++)
        {
            var found = table.Find(bits.Peek());
            if (found == 0) return false;
            var (run, size) = ((int)(found >> 4) & 15, (int)found & 15);
            bits.Skip((int)(found >> 8));
            if (size == 0 && run < 15)
            {
                blocksToSkip = (1 << run) + bits.Take(run) - 1;
                return true;
            }
            k += run;
            if (size == 0) continue;
            if (k > scan.Last) return false;
            bits.Take(size);
            nonzero |= 1UL << k;
        }
        return true;
    }

    /// <summary>A run counts coefficients that are 0; of each other on its way a bit follows.</summary>
    private bool Refine(JpegHuffmanTable table, ref ulong nonzero)
    {
        var k = scan.First;
        for (; blocksToSkip == 0 && k <= scan.Last; k++)
        {
            var found = table.Find(bits.Peek());
            if (found == 0) return false;
            var (run, size) = ((int)(found >> 4) & 15, (int)found & 15);
            bits.Skip((int)(found >> 8));
            if (size > 1) return false;
            if (size == 0 && run < 15)
            {
                blocksToSkip = (1 << run) + bits.Take(run);
                break;
            }
            if (size == 1) bits.Take(1);
            for (; k <= scan.Last; k++)
            {
                if ((nonzero >> k & 1) != 0) bits.Take(1);
                else if (--run < 0) break;
            }
            if (size == 0) continue;
            if (k > scan.Last) return false;
            nonzero |= 1UL << k;
        }
        if (blocksToSkip == 0) return true;
        blocksToSkip--;
        SkipCorrections(nonzero, k);
        return true;
    }

    private void SkipCorrections(ulong nonzero, int from)
    {
        if (from > scan.Last) return;
        var upTo = scan.Last == 63 ? ulong.MaxValue : (1UL << (scan.Last + 1)) - 1;
        for (var left = BitOperations.PopCount(nonzero & upTo & (ulong.MaxValue << from)); left > 0; left -= 16) bits.Take(Math.Min(left, 16));
    }
}
