using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>
/// Walks through a long sequential scan at three places at once. Where a code ends tells where the next begins, so one walk waits most of its time for what it
/// looks up; three beside each other wait together. The second and third begin in the middle of anything, but Huffman codes fall into step with themselves
/// (Klein and Wiseman, <i>Parallel Huffman decoding with applications to JPEG files</i>, 2003), here after some hundred bytes. Each writes down where its units
/// begin; as soon as a unit of the walk before it begins at one of these places, the two would do the same from there on. So nothing is guessed in the end.
/// </summary>
internal static class JpegLanes
{
    /// <summary>Of a file, from the scan on: below, one walk is over as soon.</summary>
    public const int LeastBytes = 1 << 13;

    /// <summary>Bits would not be counted by an <see cref="int"/> any more.</summary>
    private const int MostBytes = 1 << 27;

    private const int Lanes = 3;
    private const int Coefficients = 64;

    /// <summary>Units whose beginning a lane writes down; the last place takes all that come later.</summary>
    private const int Remembered = 512;

    /// <summary>Zeros after the data: more than two of the longest units, since a lane looks only after one whether it is at its end.</summary>
    private const int Slack = 1 << 13;

    private const int Table = 1 << JpegHuffmanTable.LookBits;

    /// <param name="data">From the scan's first byte on.</param>
    /// <param name="scan">Without restart markers.</param>
    /// <param name="units">MCUs, or blocks of an only component.</param>
    /// <param name="length">Bytes up to the marker after it.</param>
    /// <returns>Whether all units are there, for certain. Else <see cref="JpegScan"/> has to say.</returns>
    public static bool AreWhole(ReadOnlySpan<byte> data, JpegScanHeader scan, int units, out int length)
    {
        length = 0;
        if (data.Length is < LeastBytes or > MostBytes) return false;
        var bytes = ArrayPool<byte>.Shared.Rent(data.Length + Slack);
        try
        {
            var count = JpegStuffing.Remove(data, bytes, out length);
            bytes.AsSpan(count, Slack).Clear();
            return count >= LeastBytes && new Codes(scan, bytes).Count(8 * count) >= units;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>One of the walks, between two steps.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Lane
    {
        /// <summary>Of the next bit.</summary>
        public int Position;

        /// <summary>The next one in its block.</summary>
        public int Coefficient;

        /// <summary>In its unit.</summary>
        public int Block;

        /// <summary>Where the block's table begins.</summary>
        public int Table;
    }

    /// <summary>What a lane has come to know: where units end, at first each of them, then the latest. Those before a code that was none are forgotten.</summary>
    private ref struct Log(Span<int> ends)
    {
        private readonly ref int ends = ref MemoryMarshal.GetReference(ends);

        public int Units;

        public bool HasFailed;

        public readonly int Last => Units > 0 ? Unsafe.Add(ref ends, Math.Min(Units - 1, Remembered)) : 0;

        private readonly ReadOnlySpan<int> Known => MemoryMarshal.CreateReadOnlySpan(ref ends, Math.Min(Units, Remembered));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(int end) => Unsafe.Add(ref ends, Math.Min(Units++, Remembered)) = end;

        public void Fail() => (Units, HasFailed) = (0, true);

        /// <returns>Its units up to the one that ends there; 0 where none does, −1 where none will, since it was not written down.</returns>
        public readonly int UpTo(int end)
        {
            var known = Known;
            if (known.IsEmpty || end > known[^1]) return -1;
            return Math.Max(known.BinarySearch(end) + 1, 0);
        }
    }

    /// <summary>The codes of a scan.</summary>
    private readonly ref struct Codes
    {
        private readonly JpegScanComponent[] blocks;
        private readonly ReadOnlySpan<byte> bytes;

        /// <summary>All tables, one after the other.</summary>
        private readonly ushort[] tables;

        /// <summary>For each block of a unit, where in <see cref="tables"/> that of its first coefficient begins, and that of the others.</summary>
        private readonly int[] firsts;
        private readonly int[] others;

        public Codes(JpegScanHeader scan, ReadOnlySpan<byte> bytes)
        {
            this.bytes = bytes;
            blocks = scan.BlocksOfUnit();
            tables = new ushort[2 * Table * scan.Components.Length];
            foreach (var (i, component) in scan.Components.Index())
            {
                component.Dc!.Look.CopyTo(tables.AsSpan(2 * i * Table));
                component.Ac!.Steps.CopyTo(tables.AsSpan(((2 * i) + 1) * Table));
            }
            var components = scan.Components;
            firsts = Array.ConvertAll(blocks, block => 2 * Table * Array.IndexOf(components, block));
            others = Array.ConvertAll(firsts, first => first + Table);
        }

        /// <param name="end">Bits that there are.</param>
        /// <returns>Units that are whole; 0 where that cannot be told.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Count(int end)
        {
            // Less than a byte at the end fills up.
            var (second, third, last) = (end / Lanes, end / Lanes * 2, end - 7);
            Log log = new(stackalloc int[Remembered + 1]), log2 = new(stackalloc int[Remembered + 1]), log3 = new(stackalloc int[Remembered + 1]);
            Lane lane = Begin(0, ref log), lane2 = Begin(second, ref log2), lane3 = Begin(third, ref log3);
            ref var data = ref MemoryMarshal.GetReference(bytes);
            ref var all = ref MemoryMarshal.GetArrayDataReference(tables);
            while (Step(ref lane, ref log, second, ref data, ref all) & Step(ref lane2, ref log2, third, ref data, ref all) & Step(ref lane3, ref log3, last, ref data, ref all))
            {
            }
            Finish(ref lane, ref log, second);
            Finish(ref lane2, ref log2, third);
            Finish(ref lane3, ref log3, last);
            if (log.HasFailed) return 0;
            var (met, met2) = (Meet(ref lane, ref log, log2), Meet(ref lane2, ref log2, log3));
            if (met < 0 || met2 < 0) return 0;
            // The last unit may have taken bits that are not there.
            return log.Units + log2.Units - met + log3.Units - met2 - (log3.Last > end ? 1 : 0);
        }

        private Lane Begin(int position, ref Log log)
        {
            var lane = new Lane { Position = position, Block = -1 };
            Next(ref lane, ref log, ref MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetArrayDataReference(tables));
            return lane;
        }

        private void Finish(ref Lane lane, ref Log log, int limit)
        {
            while (log.Last < limit) Step(ref lane, ref log, limit, ref MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetArrayDataReference(tables));
        }

        /// <summary>Goes on until a unit ends where one of the next lane's does.</summary>
        /// <returns>The next lane's units up to there; −1 where they do not meet.</returns>
        private int Meet(ref Lane lane, ref Log log, Log next)
        {
            log.HasFailed = false;
            while (true)
            {
                var met = next.UpTo(log.Last);
                if (met != 0) return met;
                for (var before = log.Units; log.Units == before;)
                {
                    Step(ref lane, ref log, 0, ref MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetArrayDataReference(tables));
                    if (log.HasFailed) return -1;
                }
            }
        }

        /// <summary>What the bits hold that are loaded at once, or as much of it as belongs to one block.</summary>
        /// <param name="limit">A bit.</param>
        /// <returns>Whether there is more to do: not if a unit has ended at the limit or beyond.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool Step(ref Lane lane, ref Log log, int limit, ref byte data, ref ushort all)
        {
            ref var steps = ref Unsafe.Add(ref all, lane.Table);
            var bits = Load(ref data, lane.Position);
            uint step = Unsafe.Add(ref steps, (nint)(bits >> (64 - JpegHuffmanTable.LookBits)));
            var after = lane.Coefficient + (int)(step >> JpegLook.CoefficientsAt);
            // Three are at most as many bits as are loaded.
            if (after < Coefficients)
            {
                bits <<= (byte)step;
                lane.Position += (byte)step;
                step = Unsafe.Add(ref steps, (nint)(bits >> (64 - JpegHuffmanTable.LookBits)));
                after += (int)(step >> JpegLook.CoefficientsAt);
                if (after < Coefficients)
                {
                    bits <<= (byte)step;
                    lane.Position += (byte)step;
                    step = Unsafe.Add(ref steps, (nint)(bits >> (64 - JpegHuffmanTable.LookBits)));
                    after += (int)(step >> JpegLook.CoefficientsAt);
                    if (after < Coefficients)
                    {
                        lane.Position += (byte)step;
                        lane.Coefficient = after;
                        return true;
                    }
                }
            }
            if ((uint)(after - JpegLook.End) < Coefficients)
            {
                lane.Position += (byte)step;
            }
            else
            {
                var (position, coefficient) = Single(lane.Position, after - (int)(step >> JpegLook.CoefficientsAt), lane.Block);
                if (coefficient < Coefficients)
                {
                    (lane.Position, lane.Coefficient) = (position, coefficient);
                    if (coefficient > 0) return true;
                    // No code: the next bit may be the first of a unit.
                    log.Fail();
                    lane.Block = blocks.Length - 1;
                }
                lane.Position = position;
            }
            var isMore = true;
            if (lane.Block == blocks.Length - 1)
            {
                log.Write(lane.Position);
                isMore = lane.Position < limit;
                lane.Block = -1;
            }
            Next(ref lane, ref log, ref data, ref all);
            return isMore;
        }

        /// <summary>The first coefficient of the next block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Next(ref Lane lane, ref Log log, ref byte data, ref ushort all)
        {
            var block = lane.Block + 1;
            uint found = Unsafe.Add(ref all, Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(firsts), block) + (nint)(Load(ref data, lane.Position) >> (64 - JpegHuffmanTable.LookBits)));
            if (found == 0)
            {
                found = blocks[block].Dc!.Find(Load(ref data, lane.Position));
                if (found == 0)
                {
                    log.Fail();
                    lane.Position++;
                }
            }
            lane.Position += (int)(found >> 8) + (int)(found & 15);
            lane.Coefficient = 1;
            lane.Block = block;
            lane.Table = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(others), block);
        }

        /// <summary>A long code, or the last of a block: one alone.</summary>
        /// <returns>What comes after it; 64 if that is another block, 0 if it is no code.</returns>
        private (int Position, int Coefficient) Single(int position, int coefficient, int block)
        {
            var found = blocks[block].Ac!.Find(Load(ref MemoryMarshal.GetReference(bytes), position));
            if (found == 0) return (position + 1, 0);
            var (run, size) = ((int)(found >> 4) & 15, (int)found & 15);
            position += (int)(found >> 8) + size;
            if (size == 0 && run < 15) return (position, Coefficients);
            var after = coefficient + run + 1;
            // A run of zeros may lead beyond the last coefficient; another coefficient may not.
            return after > Coefficients && size > 0 ? (position, 0) : (position, Math.Min(after, Coefficients));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte data, int position)
    {
        var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, position >> 3));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes) << (position & 7);
    }
}
