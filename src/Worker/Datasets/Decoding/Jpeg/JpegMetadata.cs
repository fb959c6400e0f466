using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Jpeg;

/// <summary>What programs have written into a JPEG file beside its image: EXIF, XMP, colour profiles, ….</summary>
internal static class JpegMetadata
{
    /// <summary>
    /// Makes it nobody's, for a decoder that would read all of it: the segment stays, and its name is overwritten. JFIF's and Adobe's own (APP0, APP14), which
    /// say what the colours are, are left.
    /// </summary>
    /// <param name="file">A whole JPEG file.</param>
    public static void Hide(Span<byte> file)
    {
        for (var at = 2; at + 4 < file.Length && file[at] == 0xFF && file[at + 1] != 0xDA;)
        {
            if (file[at + 1] == 0xFF)
            {
                at++; // fills up
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length > 2 && file[at + 1] is >= 0xE1 and <= 0xED or 0xEF) file[at + 4] = 0;
            at += 2 + length;
        }
    }
}
