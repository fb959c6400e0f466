using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>
/// The directory at the end of a zip file (PKWARE APPNOTE 6.3, zip64 included), before its entries are read. <c>System.IO.Compression</c> reads
/// them all before anybody can object.
/// </summary>
/// <param name="At">Where it begins, and the entries' data end.</param>
/// <param name="Length">Bytes in the archive; it takes at most twice as many of memory, and a fixed part for each entry.</param>
/// <param name="Count">Of entries; no more than <paramref name="Length"/> has room for.</param>
public sealed record ZipDirectory(long At, long Length, long Count)
{
    /// <summary>The problem of an archive without its end.</summary>
    public const string IsCutOff = "has no directory at its end: it was cut off";

    internal const string AcceptedArchive = "a whole zip file in one part, as every zip program writes it";

    private const uint EndSignature = 0x06054b50;
    private const uint End64LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;
    private const uint ItemSignature = 0x02014b50;
    private const int EndLength = 22;
    private const int End64LocatorLength = 20;
    private const int End64Length = 56;
    private const int ItemLength = 46;
    private const int MostComment = ushort.MaxValue;
    private const int Utf8Flag = 1 << 11;
    private const ushort Zip64Field = 1;

    /// <summary>What zip programs write that know of no Unicode.</summary>
    private static readonly Encoding OldNames = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    /// <param name="archive">Can seek.</param>
    /// <exception cref="ArchiveException">No zip file, a part of one, or a directory that does not lie where it says.</exception>
    public static ZipDirectory Find(Stream archive)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + MostComment)];
        var tailAt = archive.Length - tail.Length;
        Fill(archive, tailAt, tail);
        for (var i = tail.Length - EndLength; i >= 0; i--)
        {
            var bytes = tail.AsSpan(i);
            if (U32(bytes, 0) == EndSignature && U16(bytes, 20) == bytes.Length - EndLength) return Checked(EndOf(archive, bytes, tailAt + i));
        }
        var isZip = archive.Length >= sizeof(uint) && StartsAsZip(archive);
        throw isZip
            ? Damaged(IsCutOff)
            : new ArchiveException(null, null, "is no zip file", AcceptedArchive);
    }

    /// <exception cref="ArchiveException">Damaged, or an entry lies outside the archive.</exception>
    internal ZipItem[] ReadItems(Stream archive)
    {
        using var directory = new BufferedStream(new StreamSlice(archive, At, Length), 1 << 16);
        var field = new byte[ushort.MaxValue];
        var items = new ZipItem[Count];
        for (var i = 0; i < items.Length; i++) items[i] = ReadItem(directory, field);
        return directory.ReadByte() < 0 ? items : throw Damaged($"says that it has {Count} entries, and has more");
    }

    private static bool StartsAsZip(Stream archive)
    {
        Span<byte> start = stackalloc byte[sizeof(uint)];
        Fill(archive, 0, start);
        return U32(start, 0) == ZipReader.LocalSignature;
    }

    private static End EndOf(Stream archive, ReadOnlySpan<byte> bytes, long at)
    {
        // Large archives say the same in larger numbers, in a record that another one before this leads to. PyTorch writes both into small ones.
        Span<byte> locator = stackalloc byte[End64LocatorLength];
        if (at >= End64LocatorLength)
        {
            Fill(archive, at - End64LocatorLength, locator);
            if (U32(locator, 0) == End64LocatorSignature) return LargeEndOf(archive, I64(locator, 8), at - End64LocatorLength);
        }
        return new End(U16(bytes, 4), U16(bytes, 6), U16(bytes, 8), U16(bytes, 10), U32(bytes, 12), U32(bytes, 16), at);
    }

    private static End LargeEndOf(Stream archive, long at, long locatorAt)
    {
        if (at < 0 || at > locatorAt - End64Length) throw Damaged("has a directory that lies outside it");
        Span<byte> end = stackalloc byte[End64Length];
        Fill(archive, at, end);
        return U32(end, 0) == End64Signature
            ? new End((int)U32(end, 16), (int)U32(end, 20), I64(end, 24), I64(end, 32), I64(end, 40), I64(end, 48), at)
            : throw Damaged("has no zip64 record where it says that there is one");
    }

    private static ZipDirectory Checked(End end)
    {
        if (end.Disk != 0 || end.DirectoryDisk != 0 || end.ItemsHere != end.Items) throw Damaged("is one part of several");
        if (end.DirectoryLength < 0 || end.DirectoryAt < 0 || end.DirectoryAt > end.At || end.DirectoryLength != end.At - end.DirectoryAt)
            throw Damaged("has a directory that does not lie where it says");
        return end.Items >= 0 && end.Items <= Math.Min(end.DirectoryLength / ItemLength, Array.MaxLength)
            ? new ZipDirectory(end.DirectoryAt, end.DirectoryLength, end.Items)
            : throw Damaged($"says that it has {end.Items} entries, for which its directory is too short");
    }

    /// <param name="field">Large enough for any; holds nothing between two entries.</param>
    private ZipItem ReadItem(Stream directory, byte[] field)
    {
        Span<byte> header = stackalloc byte[ItemLength];
        Fill(directory, header);
        if (U32(header, 0) != ItemSignature) throw Damaged("has a damaged directory");
        var flags = U16(header, 8);
        var name = NameOf(Next(directory, U16(header, 28), field), flags);
        var large = Zip64Values(Next(directory, U16(header, 30), field));
        var length = Take(U32(header, 24), ref large);
        var compressed = Take(U32(header, 20), ref large);
        var headerAt = Take(U32(header, 42), ref large);
        Next(directory, U16(header, 32), field);
        return length >= 0 && compressed >= 0 && compressed <= At && headerAt >= 0 && headerAt < At
            ? new ZipItem(name, U16(header, 10), flags, U32(header, 38), compressed, length, U32(header, 16), headerAt)
            : throw new ArchiveException(name, null, "lies outside the archive", AcceptedArchive);
    }

    /// <summary>Some programs write UTF-8 without saying so.</summary>
    private static string NameOf(ReadOnlySpan<byte> bytes, int flags)
        => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
            : (flags & Utf8Flag) == 0 ? OldNames.GetString(bytes)
            : throw Damaged("has an entry whose name is no UTF-8, although it says so");

    private static ReadOnlySpan<byte> Zip64Values(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = U16(extra, 2);
            if (length > extra.Length - 4) break;
            if (U16(extra, 0) == Zip64Field) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return [];
    }

    /// <summary>A value that does not fit stands, in this order, in the zip64 field.</summary>
    private static long Take(uint small, ref ReadOnlySpan<byte> large)
    {
        if (small != uint.MaxValue || large.Length < sizeof(long)) return small;
        var value = I64(large, 0);
        large = large[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> Next(Stream directory, int length, byte[] field)
    {
        Fill(directory, field.AsSpan(0, length));
        return field.AsSpan(0, length);
    }

    private static void Fill(Stream archive, long at, Span<byte> bytes)
    {
        archive.Position = at;
        if (archive.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Damaged("ends too early");
    }

    private static void Fill(Stream directory, Span<byte> bytes)
    {
        if (directory.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Damaged("has a directory that ends too early");
    }

    private static ArchiveException Damaged(string problem) => new(null, null, problem, AcceptedArchive);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    /// <param name="Disk">Of an archive in several parts.</param>
    /// <param name="At">Where the record lies: right after the directory.</param>
    private sealed record End(int Disk, int DirectoryDisk, long ItemsHere, long Items, long DirectoryLength, long DirectoryAt, long At);
}
