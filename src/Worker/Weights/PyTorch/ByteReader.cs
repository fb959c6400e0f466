using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>Little-endian numbers and bytes from a stream of known length.</summary>
internal sealed class ByteReader(Stream stream, long length)
{
    private readonly byte[] buffer = new byte[(int)Math.Clamp(length, 1, 1 << 14)];
    private int begin;
    private int end;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    public long Remaining => length - Position;

    public byte ReadByte()
    {
        if (begin == end)
        {
            Require(1);
            begin = 0;
            end = stream.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, Remaining)), 1, throwOnEndOfStream: true);
        }
        Position++;
        return buffer[begin++];
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Read(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public void Read(Span<byte> destination)
    {
        Require(destination.Length);
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = ReadByte();
        }
    }

    public void Skip(long count)
    {
        Require(count);
        for (; count > 0; count--)
        {
            ReadByte();
        }
    }

    /// <summary>Before any memory is taken for so many bytes.</summary>
    /// <exception cref="InvalidDataException">Fewer are left.</exception>
    public void Require(long count)
    {
        if (count > Remaining)
        {
            throw new InvalidDataException($"at byte {Position}, {count} bytes should follow, and {Remaining} do");
        }
    }
}
