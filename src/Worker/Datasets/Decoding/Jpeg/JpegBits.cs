using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>The bits of entropy-coded data up to the next marker: ITU-T T.81, F.2.2.5. After them come zeros; <see cref="IsBeyond"/> tells.</summary>
internal ref struct JpegBits
{
    private const int Word = 64;

    /// <summary>More than any code and the bits after it take.</summary>
    public const int Least = 32;

    private readonly ReadOnlySpan<byte> file;
    private ulong bits;
    private int count;
    private int invented;

    public JpegBits(ReadOnlySpan<byte> file, int position)
    {
        this.file = file;
        Position = position;
    }

    /// <summary>Of the first byte that was not taken yet: where a marker was met, of the marker.</summary>
    public int Position { get; private set; }

    /// <summary>Whether bits were taken that are not in the file.</summary>
    public readonly bool IsBeyond => count < invented;

    /// <summary>The next bits, the first on top; 32 at least are right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Peek()
    {
        if (count < Least) Fill();
        return bits;
    }

    /// <param name="length">At most 32, and at most one more call after each <see cref="Peek"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int length)
    {
        bits <<= length;
        count -= length;
    }

    /// <summary>All bits that are there, the first on top, and their number. Until they are given back, nothing but <see cref="Refill"/> may be called.</summary>
    public readonly (ulong Bits, int Count) Borrow() => (bits, count);

    /// <summary>What is left of them.</summary>
    public void Return(ulong left, int number) => (bits, count) = (left, number);

    /// <summary>More for who has borrowed them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill(ref ulong left, ref int number)
    {
        if (Position + sizeof(ulong) <= file.Length)
        {
            var next = BinaryPrimitives.ReadUInt64BigEndian(file[Position..]);
            if (HasNoMark(next))
            {
                // Bits below those counted may be there already; they are the same that come next.
                left |= next >> number;
                Position += (Word - 1 - number) >> 3;
                number |= Word - 8;
                return;
            }
        }
        Return(left & ~(ulong.MaxValue >> number), number);
        FillSlowly();
        (left, number) = Borrow();
    }

    /// <param name="length">0 … 16.</param>
    public int Take(int length)
    {
        if (length == 0) return 0;
        var value = (int)(Peek() >> (Word - length));
        Skip(length);
        return value;
    }

    /// <summary>Begins anew after the next marker. Bytes before it are skipped: who asks has had all bits that are wanted.</summary>
    /// <param name="number">Of the restart marker that it must be, 0 … 7.</param>
    /// <returns>Whether it is.</returns>
    public bool Restart(int number)
    {
        while (Position + 1 < file.Length && (file[Position] != 0xFF || file[Position + 1] is 0 or 0xFF)) Position++;
        if (Position + 1 >= file.Length || file[Position + 1] != 0xD0 + number) return false;
        Position += 2;
        (bits, count, invented) = (0, 0, 0);
        return true;
    }

    private void Fill()
    {
        var (left, number) = Borrow();
        Refill(ref left, ref number);
        Return(left, number);
    }

    /// <summary>No byte is FF: none of the complement is 0.</summary>
    private static bool HasNoMark(ulong bytes) => ((~bytes - 0x0101010101010101UL) & bytes & 0x8080808080808080UL) == 0;

    private void FillSlowly()
    {
        while (count <= Word - 8)
        {
            if (Position >= file.Length || (file[Position] == 0xFF && (Position + 1 >= file.Length || file[Position + 1] != 0)))
            {
                invented += Word - 8 - count;
                count = Word - 8;
                return;
            }
            var value = file[Position];
            Position += value == 0xFF ? 2 : 1;
            bits |= (ulong)value << (Word - 8 - count);
            count += 8;
        }
    }
}
