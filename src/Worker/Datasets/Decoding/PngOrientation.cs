using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>The orientation that a PNG file's <c>eXIf</c> chunk says; Skia does not look there.</summary>
internal static class PngOrientation
{
    private const int SignatureBytes = 8;
    private const int ChunkBytes = 12; // length, name, checksum
    private const int EntryBytes = 12;
    private const int OrientationTag = 0x112;

    /// <returns>1 … 8; 1 where there is no such chunk, or one that makes no sense.</returns>
    public static int Of(ReadOnlySpan<byte> file)
    {
        for (var at = SignatureBytes; at + ChunkBytes <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - ChunkBytes) break;
            if (file.Slice(at + 4, 4).SequenceEqual("eXIf"u8)) return OfExif(file.Slice(at + 8, (int)length));
            at += ChunkBytes + (int)length;
        }
        return Orientation.Upright;
    }

    /// <summary>EXIF is a TIFF file without an image: a header, and a directory of entries of twelve bytes.</summary>
    private static int OfExif(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 8) return Orientation.Upright;
        var isBig = exif[0] == 'M';
        var directory = Whole(exif[4..]);
        if (directory > exif.Length - 2) return Orientation.Upright;
        var entries = exif[((int)directory + 2)..];
        for (var left = Short(exif[(int)directory..]); left > 0 && entries.Length >= EntryBytes; left--, entries = entries[EntryBytes..])
        {
            if (Short(entries) == OrientationTag) return Short(entries[8..]) is >= 1 and <= 8 and var value ? value : Orientation.Upright;
        }
        return Orientation.Upright;

        int Short(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

        uint Whole(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
