using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>The entries of a zip file. One at a time is read, by one thread.</summary>
public sealed class ZipReader
{
    internal const uint LocalSignature = 0x04034b50;

    private const int LocalLength = 30;

    private readonly Stream _archive;
    private readonly ZipItem[] _items;
    private readonly long[] _ends;

    private ZipReader(Stream archive, ZipItem[] items, long directoryAt)
    {
        _archive = archive;
        _items = items;
        _ends = new long[items.Length + 1];
        for (var i = 0; i < items.Length; i++) _ends[i] = items[i].HeaderAt;
        _ends[^1] = directoryAt;
        Array.Sort(_ends);
    }

    public IReadOnlyList<ZipItem> Items => _items;

    /// <param name="archive">Can seek; is read, and not closed.</param>
    /// <param name="directory">Of this archive; judge its size first, since it is read into memory.</param>
    /// <exception cref="ArchiveException">The directory is damaged.</exception>
    public static ZipReader Open(Stream archive, ZipDirectory directory) => new(archive, directory.ReadItems(archive), directory.At);

    /// <summary>Where its bytes, compressed or not, begin in the archive.</summary>
    /// <exception cref="ArchiveException">Its local header is not there, or it overlaps another entry or the directory.</exception>
    public long DataAt(ZipItem item)
    {
        Span<byte> header = stackalloc byte[LocalLength];
        _archive.Position = item.HeaderAt;
        if (_archive.ReadAtLeast(header, LocalLength, throwOnEndOfStream: false) < LocalLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw Damaged(item, "is not where the directory says");
        var at = item.HeaderAt + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        return at + item.CompressedLength <= EndOf(item) ? at : throw Damaged(item, "overlaps another entry");
    }

    /// <summary>The content as it comes: neither its length nor its checksum is compared with what the directory says.</summary>
    /// <param name="item">Without <see cref="ZipItem.Fault"/>.</param>
    /// <exception cref="ArchiveException">As <see cref="DataAt"/>. Reading deflated content throws <see cref="InvalidDataException"/>.</exception>
    public Stream ContentOf(ZipItem item)
    {
        var stored = new StreamSlice(_archive, DataAt(item), item.CompressedLength);
        return item.IsStored ? stored : new DeflateStream(stored, CompressionMode.Decompress);
    }

    /// <summary>The content in pieces: each element is the number of bytes that stand in the buffer.</summary>
    /// <param name="item">Without <see cref="ZipItem.Fault"/>.</param>
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
