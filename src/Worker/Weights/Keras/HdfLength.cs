using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>How long an HDF5 file says that it is (HDF5 File Format Specification, II.A: the end-of-file address of the superblock).</summary>
internal static class HdfLength
{
    private const int HeadLength = 64;

    /// <returns>Bytes; null: it has another superblock than those that are known, or is too short for one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static long? Of(string path)
    {
        const int EightByteAddresses = 8;
        Span<byte> head = stackalloc byte[HeadLength];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) < HeadLength)
        {
            return null;
        }
        var (addressSize, at) = head[8] switch { 0 => (head[13], 40), 1 => (head[13], 44), 2 or 3 => (head[9], 28), _ => (0, 0) };
        return addressSize == EightByteAddresses && BinaryPrimitives.ReadInt64LittleEndian(head[at..]) is var end and > 0 ? end : null;
    }
}
