using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>Width and height in pixels, as the header of a PNG or JPEG file says.</summary>
internal static class ImageHeader
{
    private const int PngSizeAt = 16;
    private const int PngSizeEnd = 24;
    private const byte StartOfImage = 0xD8;

    /// <summary>Null: there is no such header.</summary>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, StartOfImage])) return OfJpeg(file[2..]);
        return file.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG"u8]) && file.Length >= PngSizeEnd
            ? (BinaryPrimitives.ReadInt32BigEndian(file[PngSizeAt..]), BinaryPrimitives.ReadInt32BigEndian(file[(PngSizeAt + 4)..]))
            : null;
    }

    /// <summary>Segments begin with FF and a marker, and then their length; the first start of frame (C0 … CF but C4, C8 and CC) has the size.</summary>
    private static (int Width, int Height)? OfJpeg(ReadOnlySpan<byte> rest)
    {
        const int frameLength = 9;
        while (rest.Length >= frameLength)
        {
            if (rest[0] != 0xFF) return null;
            var marker = rest[1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD7))
            {
                // Padding, and markers that stand alone.
                rest = rest[(marker == 0xFF ? 1 : 2)..];
                continue;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]));
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length > rest.Length) return null;
            rest = rest[length..];
        }
        return null;
    }
}
