using System.Buffers.Binary;
using System.Text;

namespace NeuralCapacitance.Worker.Tests.TensorBoard;

/// <summary>
/// An event file as the format's description has it (TFRecord, and of the messages in it what a curve needs), read without anything that writes one. EndToEnd links this file.
/// </summary>
/// <exception cref="InvalidDataException">A record is cut off, or a checksum is wrong.</exception>
internal static class EventFile
{
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The one file of a run.</summary>
    public static IReadOnlyList<ReadEvent> OfRun(string folder) => Read(Directory.GetFiles(folder).ShouldHaveSingleItem());

    public static IReadOnlyList<ReadEvent> Read(string path) => [.. Records(File.ReadAllBytes(path)).Select(record => EventOf(record))];

    /// <summary>All scalars, in their order in the file.</summary>
    public static IReadOnlyList<Scalar> Scalars(this IEnumerable<ReadEvent> events)
        => [.. events.SelectMany(e => e.Values.Select(value => new Scalar(value.Tag, e.Step, value.Value)))];

    /// <summary>Each as it stands in the file, without its frame.</summary>
    public static IReadOnlyList<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = Checked(file, ref at, sizeof(ulong));
            records.Add(Checked(file, ref at, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(length))));
        }
        return records;
    }

    /// <summary>CRC-32C bit by bit, its polynomial turned round.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var one in data)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78);
        }
        return ~crc;
    }

    private static byte[] Checked(byte[] file, ref int at, int length)
    {
        if (at + length + sizeof(uint) > file.Length) throw new InvalidDataException($"The record at byte {at} is cut off.");
        var data = file[at..(at + length)];
        var crc = Crc32C(data);
        var masked = unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + length)) != masked) throw new InvalidDataException($"The checksum of the {length} bytes at {at} is wrong.");
        at += length + sizeof(uint);
        return data;
    }

    private static ReadEvent EventOf(byte[] message)
    {
        var result = new ReadEvent();
        foreach (var (field, number, bytes) in Fields(message))
        {
            result = field switch
            {
                1 => result with { WallTime = BitConverter.UInt64BitsToDouble(number) },
                2 => result with { Step = (long)number },
                3 => result with { FileVersion = Encoding.UTF8.GetString(bytes) },
                5 => result with { Values = [.. Fields(bytes).Where(f => f.Field == 1).Select(f => ValueOf(f.Bytes))] },
                7 => result with { Starts = Fields(bytes).Any(f => f is { Field: 1, Number: 1 }) },
                _ => result,
            };
        }
        return result;
    }

    private static (string Tag, float Value) ValueOf(byte[] message)
    {
        var fields = Fields(message);
        return (Encoding.UTF8.GetString(fields.Single(f => f.Field == 1).Bytes), BitConverter.UInt32BitsToSingle((uint)fields.Single(f => f.Field == 2).Number));
    }

    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var key = (int)Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    fields.Add((key >> 3, Varint(message, ref at), []));
                    break;
                case Fixed64:
                    fields.Add((key >> 3, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []));
                    at += sizeof(ulong);
                    break;
                case Bytes:
                    var length = (int)Varint(message, ref at);
                    fields.Add((key >> 3, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case Fixed32:
                    fields.Add((key >> 3, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []));
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"A field of kind {key & 7}.");
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = message[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) return value;
        }
    }
}

/// <param name="Starts">Whether readers are to forget what they read of the run before, from this step on.</param>
internal sealed record ReadEvent(double WallTime = 0, long Step = 0, string? FileVersion = null, bool Starts = false)
{
    public IReadOnlyList<(string Tag, float Value)> Values { get; init; } = [];
}

internal readonly record struct Scalar(string Tag, long Step, float Value);
