using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>The entries of a zip file, none of which expands to more than it says.</summary>
public sealed class ZipReader
{
    internal const uint LocalSignature = 0x04034b50;

    private const int LocalLength = 30;
    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly Stream _archive;
    private readonly long[] _ends;

    private ZipReader(Stream archive, IReadOnlyList<ZipItem> items, long directoryAt)
    {
        _archive = archive;
        Items = items;
        _ends = [.. items.Select(item => item.HeaderAt).Append(directoryAt).Order()];
    }

    public IReadOnlyList<ZipItem> Items { get; }

    /// <param name="archive">Can seek; is read, and not closed.</param>
    /// <exception cref="ArchiveException">No zip file, a part of one, or more entries than accepted.</exception>
    public static ZipReader Open(Stream archive, int mostItems)
    {
        try
        {
            var items = ZipDirectory.Read(archive, mostItems, out var directoryAt);
            return new ZipReader(archive, items, directoryAt);
        }
        catch (EndOfStreamException)
        {
            throw new ArchiveException(null, null, "ends too early", ZipDirectory.AcceptedArchive);
        }
    }

    /// <summary>Why an entry cannot be read; null: it can be tried.</summary>
    public static ArchiveFault? FaultOf(ZipItem item)
    {
        if (item.IsEncrypted) return new ArchiveFault(item.Name, null, "is encrypted", "an archive without a password");
        if (item.Method is not (Stored or Deflated))
            return new ArchiveFault(item.Name, $"method {item.Method}", "is compressed in a way that is not supported", "stored (0) or deflated (8) entries, which every zip program can write");
        return item.Method == Stored && item.CompressedLength != item.Length
            ? new ArchiveFault(item.Name, $"{item.CompressedLength} and {item.Length} bytes", "is stored and yet has two lengths", ZipDirectory.AcceptedArchive)
            : null;
    }

    /// <summary>The content in pieces: each element is the number of bytes that stand in the buffer.</summary>
    /// <exception cref="ArchiveException">Damaged, longer or shorter than it says, or overlapping another entry.</exception>
    public IEnumerable<int> Read(ZipItem item, byte[] buffer)
    {
        using var content = ContentOf(item);
        var length = 0L;
        var checksum = 0u;
        for (int read; (read = ReadPiece(content, item, buffer)) > 0;)
        {
            length += read;
            if (length > item.Length) throw Damaged(item, $"expands to more than the {item.Length} bytes that it says");
            checksum = Crc32.Append(checksum, buffer.AsSpan(0, read));
            yield return read;
        }
        if (length < item.Length) throw Damaged(item, $"expands to {length} bytes instead of the {item.Length} that it says");
        if (checksum != item.Checksum) throw Damaged(item, "is damaged: its checksum is wrong");
    }

    private Stream ContentOf(ZipItem item)
    {
        Span<byte> header = stackalloc byte[LocalLength];
        _archive.Position = item.HeaderAt;
        if (_archive.ReadAtLeast(header, LocalLength, throwOnEndOfStream: false) < LocalLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw Damaged(item, "is not where the directory says");
        var at = item.HeaderAt + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (at + item.CompressedLength > EndOf(item)) throw Damaged(item, "overlaps another entry");
        _archive.Position = at;
        var part = new StreamPart(_archive, item.CompressedLength);
        return item.Method == Stored ? part : new DeflateStream(part, CompressionMode.Decompress);
    }

    /// <summary>Where the next entry, or the directory, begins. Two entries at one place leave no room between them.</summary>
    private long EndOf(ZipItem item)
    {
        var index = Array.BinarySearch(_ends, item.HeaderAt);
        while (index > 0 && _ends[index - 1] == item.HeaderAt) index--;
        return _ends[index + 1];
    }

    private static int ReadPiece(Stream content, ZipItem item, byte[] buffer)
    {
        try
        {
            return content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(item, $"is damaged: {e.Message.TrimEnd('.')}");
        }
    }

    private static ArchiveException Damaged(ZipItem item, string problem)
        => new(item.Name, null, problem, "an archive that its own program can unpack; make it again");
}
