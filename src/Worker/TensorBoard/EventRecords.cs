using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace NeuralCapacitance.Worker.TensorBoard;

/// <summary>
/// Events as the records of a TFRecord file: length, its checksum, the event, its checksum. The messages are TorchSharp's. Its SummaryWriter frames them too, but with libtorch's
/// checksum, and no worker loads libtorch.
/// </summary>
internal static class EventRecords
{
    private const uint Mask = 0xa282ead8;

    public static byte[] Of(IEnumerable<Event> events) => [.. events.SelectMany(Of)];

    public static byte[] Of(Event single)
    {
        var data = single.ToByteArray();
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        return [.. length, .. MaskedChecksum(length), .. data, .. MaskedChecksum(data)];
    }

    /// <summary>CRC-32C, turned by 15 bits and shifted, as the format wants it.</summary>
    private static byte[] MaskedChecksum(byte[] data)
    {
        var checksum = ~data.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        var masked = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, unchecked(BitOperations.RotateRight(checksum, 15) + Mask));
        return masked;
    }
}
