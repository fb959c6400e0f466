using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

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
        var blocks = scan.BlocksOfUnit();
        for (var y = 0; y < units.Down; y++)
        {
            for (var x = 0; x < units.Across; x++)
            {
                units.Begin(ref bits, y);
                if (!Pass(ref bits, blocks)) throw units.Damaged(y);
                if (bits.IsBeyond) throw units.Damaged(y);
            }
        }
        return bits.Position;
    }

    /// <summary>A unit's blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Pass(ref JpegBits bits, JpegScanComponent[] blocks)
    {
        // In local variables, and so in registers.
        var (next, count) = bits.Borrow();
        foreach (var block in blocks)
        {
            bits.Refill(ref next, ref count);
            var found = block.Dc!.Find(next);
            if (found == 0) return false;
            var length = (int)(found >> 8) + (int)(found & 15);
            next <<= length;
            count -= length;
            var ac = block.Ac!;
            ref var steps = ref MemoryMarshal.GetArrayDataReference(ac.Steps);
            for (var k = 1; ;)
            {
                // Enough for two steps; not to ask whether it is needed is quicker than to guess wrongly.
                bits.Refill(ref next, ref count);
                var step = Unsafe.Add(ref steps, (nint)(next >> (64 - JpegHuffmanTable.LookBits)));
                var after = k + (step >> JpegLook.CoefficientsAt);
                if ((after & JpegLook.Unknown) == 0)
                {
                    next <<= (byte)step;
                    count -= (byte)step;
                    k = after;
                    if (k >= JpegLook.End) break;
                    step = Unsafe.Add(ref steps, (nint)(next >> (64 - JpegHuffmanTable.LookBits)));
                    after = k + (step >> JpegLook.CoefficientsAt);
                    if ((after & JpegLook.Unknown) != 0) continue;
                    next <<= (byte)step;
                    count -= (byte)step;
                    k = after;
                    if (k >= JpegLook.End) break;
                    continue;
                }
                // A long code, or the last of the block: one by one.
                found = ac.Find(next);
                if (found == 0) return false;
                var (run, size) = ((int)(found >> 4) & 15, (int)found & 15);
                length = (int)(found >> 8) + size;
                next <<= length;
                count -= length;
                if (size == 0 && run < 15) break;
                k += run + 1;
                if (k < Coefficients) continue;
                // A run of zeros may lead beyond the last coefficient; another coefficient may not.
                if (k > Coefficients && size > 0) return false;
                break;
            }
        }
        bits.Return(next, count);
        return true;
    }
}
