using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>
/// Start of a cache file. Little-endian: magic "NCIMAGES", version, image size, training, validation and test images (int32 each),
/// hash (32 bytes), CRC-32 of the labels; then one int32 label per image, and from <see cref="ChecksumsAt"/> on the <see cref="PixelChecksums"/>; from
/// <see cref="PixelsAt"/> on the images, 3 × size × size bytes each.
/// </summary>
/// <param name="Labels">CRC-32 of the labels: one that is damaged would teach wrong things, or end a trial.</param>
internal sealed record CacheHeader(string Hash, int Size, int Train, int Validation, int Test, uint Labels)
{
    public const int Bytes = 64;

    private const int Version = 4;
    private const int HashAt = 28;
    private const int LabelsAt = 60;
    private const int Page = 4096;

    public int Images => Train + Validation + Test;

    public long ImageBytes => 3L * Size * Size;

    public long ChecksumsAt => Bytes + ((long)sizeof(int) * Images);

    /// <summary>Begins a page: images do not straddle more pages than they must.</summary>
    public long PixelsAt => (ChecksumsAt + PixelChecksums.BytesOf(Images) + Page - 1) / Page * Page;

    public long FileBytes => PixelsAt + (Images * ImageBytes);

    private static ReadOnlySpan<byte> Magic => "NCIMAGES"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Train);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Validation);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Test);
        Convert.FromHexString(Hash).CopyTo(bytes, HashAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LabelsAt), Labels);
        return bytes;
    }

    /// <summary>Whether a file that begins so, and is so long, is the whole cache that this header describes.</summary>
    public bool Describes(ReadOnlySpan<byte> start, long fileBytes) => fileBytes == FileBytes && start.SequenceEqual(ToBytes());
}
