using System.Buffers.Binary;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>Reads the elements of a MAT-file one after the other: a tag (type, bytes), then the data, padded to 8 bytes. Never past its end.</summary>
/// <param name="left">Bytes that there can be.</param>
internal sealed class MatElements(Stream stream, long left, bool isLittleEndian, string file)
{
    private const int TagBytes = 8;
    private const int SmallBytes = 4;
    private const long MostBytes = 1 << 30;

    private long remaining = left;

    public bool IsLittleEndian => isLittleEndian;

    public string File => file;

    public DatasetException Damaged(string problem) => PublishedFiles.Fault(file, $"{problem}: it is damaged.");

    /// <summary>The elements inside of one that was just begun.</summary>
    public MatElements Inside(long bytes) => new(stream, bytes, isLittleEndian, file);

    /// <summary>The tag of an element that is read by other means; never that of a small one.</summary>
    public (MatType Type, long Bytes) ReadTag()
    {
        Span<byte> tag = stackalloc byte[TagBytes];
        ReadExactly(tag);
        var (type, bytes) = (UInt32(tag), UInt32(tag[4..]));
        return bytes > remaining ? throw TooLong(type, bytes) : ((MatType)type, bytes);
    }

    /// <summary>Values of a 4-byte integer type.</summary>
    public int[] ReadInts(MatType expected, int most)
    {
        var bytes = ReadBytes(expected, 4 * most);
        if (bytes.Length % 4 != 0) throw Damaged($"has {bytes.Length} bytes of 4-byte integers");
        var values = new int[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++) values[i] = (int)UInt32(bytes.AsSpan(4 * i));
        return values;
    }

    /// <param name="most">Bytes; more are refused.</param>
    public byte[] ReadBytes(MatType expected, int most)
    {
        var (type, bytes) = ReadData(_ => most);
        return type == expected ? bytes : throw Damaged($"has an element of type {(int)type} where {(int)expected} is expected");
    }

    /// <summary>So many numbers of any type.</summary>
    public (MatType Type, byte[] Bytes) ReadNumbers(long count)
    {
        var (type, bytes) = ReadData(type => count * SizeOf(type));
        return bytes.Length == count * SizeOf(type)
            ? (type, bytes)
            : throw Damaged($"has {bytes.Length:N0} bytes of data for {count:N0} values of {SizeOf(type)} bytes");
    }

    /// <summary>Nothing follows; reading that far also checks the compressed data's checksum.</summary>
    public void ExpectEnd()
    {
        if (stream.ReadByte() != -1) throw Damaged("has more compressed data than its element says");
    }

    private (MatType Type, byte[] Bytes) ReadData(Func<MatType, long> mostBytes)
    {
        Span<byte> tag = stackalloc byte[TagBytes];
        ReadExactly(tag);
        var first = UInt32(tag);
        if (first >> 16 is not 0 and var small)
        {
            // Up to four bytes lie in the tag itself.
            var type = (MatType)(first & 0xffff);
            return small <= Math.Min(SmallBytes, mostBytes(type)) ? (type, tag.Slice(4, (int)small).ToArray()) : throw TooLong((uint)type, small);
        }
        var length = UInt32(tag[4..]);
        if (length > Math.Min(remaining, MostBytes) || length > mostBytes((MatType)first)) throw TooLong(first, length);
        var bytes = new byte[length];
        ReadExactly(bytes);
        Span<byte> padding = stackalloc byte[TagBytes];
        ReadExactly(padding[..(int)Math.Min(remaining, (TagBytes - (length % TagBytes)) % TagBytes)]);
        return ((MatType)first, bytes);
    }

    private int SizeOf(MatType type) => type switch
    {
        MatType.Int8 or MatType.UInt8 => 1,
        MatType.Int16 or MatType.UInt16 => 2,
        MatType.Int32 or MatType.UInt32 or MatType.Single => 4,
        MatType.Int64 or MatType.UInt64 or MatType.Double => 8,
        _ => throw Damaged($"has data of type {(int)type}, which is no number"),
    };

    private void ReadExactly(Span<byte> bytes)
    {
        if (bytes.Length > remaining || stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw PublishedFiles.Fault(file, "ends in the middle of an array: it is truncated or damaged.");
        remaining -= bytes.Length;
    }

    private DatasetException TooLong(uint type, long bytes) => Damaged($"has an element of type {type} with {bytes:N0} bytes, more than there can be");

    private uint UInt32(ReadOnlySpan<byte> bytes) => isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
