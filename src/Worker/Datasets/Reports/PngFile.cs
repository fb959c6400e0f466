using System.Buffers.Binary;
using System.IO.Compression;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>Writes PNG (ISO/IEC 15948), the little that it takes for a picture of 8-bit RGB: docs/adr/0011-png-by-hand.md.</summary>
public static class PngFile
{
    private const int BytesPerPixel = 3;
    private const byte TrueColour = 2;
    private const byte UpFilter = 2;

    private static readonly byte[] Signature = [0x89, .. "PNG\r\n\x1A\n"u8];

    /// <param name="pixels">Interleaved RGB, rows from top to bottom: height × width × 3 bytes.</param>
    /// <exception cref="ArgumentException">The pixels are of another number.</exception>
    public static byte[] Write(int width, int height, ReadOnlySpan<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)BytesPerPixel * width * height)
            throw new ArgumentException($"{width} × {height} pixels take {(long)BytesPerPixel * width * height} bytes, not {pixels.Length}.", nameof(pixels));
        var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per channel; compression, filter method and interlacing are 0
        header[9] = TrueColour;
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(pixels, BytesPerPixel * width));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Each row as the difference to the one above, which photographs compress better by.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> pixels, int stride)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + stride];
            line[0] = UpFilter;
            for (var at = 0; at < pixels.Length; at += stride)
            {
                for (var x = 0; x < stride; x++) line[1 + x] = (byte)(pixels[at + x] - (at == 0 ? 0 : pixels[at + x - stride]));
                zlib.Write(line);
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(name);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, name), content));
        file.Write(number);
    }
}
