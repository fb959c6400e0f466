using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Infrastructure.Tests.Archives;

/// <summary>An entry of a zip file that may lie about itself.</summary>
internal sealed record RawEntry(string Name, byte[] Content)
{
    public int Method { get; init; } = 8;

    public int Flags { get; init; } = 1 << 11;

    public uint Attributes { get; init; }

    /// <summary>Null: the truth.</summary>
    public long? Length { get; init; }

    public uint? Checksum { get; init; }

    /// <summary>Null: where it is.</summary>
    public long? HeaderAt { get; init; }

    public byte[]? NameBytes { get; init; }
}

/// <summary>Writes zip files that no zip program would.</summary>
internal static class RawZip
{
    public static byte[] Of(params IEnumerable<RawEntry> entries) => Write(isLarge: false, entries);

    /// <summary>With all numbers in the fields of zip64, and none in those for small archives.</summary>
    public static byte[] Zip64Of(params IEnumerable<RawEntry> entries) => Write(isLarge: true, entries);

    private static byte[] Write(bool isLarge, IEnumerable<RawEntry> entries)
    {
        var file = new MemoryStream();
        var directory = new MemoryStream();
        var count = 0;
        foreach (var entry in entries)
        {
            var at = (uint)file.Position;
            var name = entry.NameBytes ?? Encoding.UTF8.GetBytes(entry.Name);
            var data = entry.Method == 8 ? Deflate(entry.Content) : entry.Content;
            var common = new byte[26];
            Put16(common, 0, 20);
            Put16(common, 2, entry.Flags);
            Put16(common, 4, entry.Method);
            Put32(common, 10, entry.Checksum ?? Crc32.Append(0, entry.Content));
            Put32(common, 14, (uint)data.Length);
            Put32(common, 18, (uint)(entry.Length ?? entry.Content.Length));
            Put16(common, 22, name.Length);
            file.Write("PK\x03\x04"u8);
            file.Write(common);
            file.Write(name);
            file.Write(data);

            var tail = new byte[14];
            Put32(tail, 6, entry.Attributes);
            Put32(tail, 10, (uint)(entry.HeaderAt ?? at));
            directory.Write([.. "PK\x01\x02"u8, 20, 3]);
            byte[] extra = isLarge ? [1, 0, 24, 0, .. Number(common, 18), .. Number(common, 14), .. Number(tail, 10)] : [];
            if (isLarge)
            {
                Put32(common, 14, uint.MaxValue);
                Put32(common, 18, uint.MaxValue);
                Put16(common, 24, extra.Length);
                Put32(tail, 10, uint.MaxValue);
            }
            directory.Write(common);
            directory.Write(tail);
            directory.Write(name);
            directory.Write(extra);
            count++;
        }
        if (isLarge) return [.. file.ToArray(), .. directory.ToArray(), .. LargeEnd(count, directory.Length, file.Length)];
        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        Put16(end, 8, count);
        Put16(end, 10, count);
        Put32(end, 12, (uint)directory.Length);
        Put32(end, 16, (uint)file.Length);
        return [.. file.ToArray(), .. directory.ToArray(), .. end];
    }

    /// <summary>The record of zip64, what leads to it, and the record that old programs look for.</summary>
    private static byte[] LargeEnd(long count, long length, long at) =>
    [
        .. "PK\x06\x06"u8, .. BitConverter.GetBytes(44L), 45, 3, 45, 0, .. new byte[8], .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(count),
        .. BitConverter.GetBytes(length), .. BitConverter.GetBytes(at),
        .. "PK\x06\x07"u8, .. new byte[4], .. BitConverter.GetBytes(at + length), 1, 0, 0, 0,
        .. "PK\x05\x06"u8, .. new byte[4], .. Enumerable.Repeat(byte.MaxValue, 12), 0, 0,
    ];

    private static byte[] Number(byte[] bytes, int at) => [.. bytes[at..(at + 4)], 0, 0, 0, 0];

    private static byte[] Deflate(byte[] content)
    {
        var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(content);
        return target.ToArray();
    }

    private static void Put16(byte[] bytes, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);

    private static void Put32(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
}
