using System.Buffers.Binary;
using System.IO.Hashing;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>XXH3 (64 bits) of each image's pixels. In the file, little-endian, followed by that of themselves.</summary>
internal sealed class PixelChecksums
{
    private readonly ulong[] sums;

    private PixelChecksums(ulong[] sums) => this.sums = sums;

    public static long BytesOf(int images) => sizeof(ulong) * ((long)images + 1);

    public static PixelChecksums For(int images) => new(new ulong[images]);

    /// <summary>Null: they are damaged themselves.</summary>
    public static PixelChecksums? Read(ReadOnlySpan<byte> bytes)
    {
        var own = bytes[..^sizeof(ulong)];
        if (XxHash3.HashToUInt64(own) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..])) return null;
        var read = new ulong[own.Length / sizeof(ulong)];
        for (var i = 0; i < read.Length; i++) read[i] = BinaryPrimitives.ReadUInt64LittleEndian(own[(i * sizeof(ulong))..]);
        return new(read);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[BytesOf(sums.Length)];
        for (var i = 0; i < sums.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), sums[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(^sizeof(ulong)..), XxHash3.HashToUInt64(bytes.AsSpan(..^sizeof(ulong))));
        return bytes;
    }

    public void Set(int index, ReadOnlySpan<byte> pixels) => sums[index] = XxHash3.HashToUInt64(pixels);

    public bool Match(int index, ReadOnlySpan<byte> pixels) => sums[index] == XxHash3.HashToUInt64(pixels);
}
