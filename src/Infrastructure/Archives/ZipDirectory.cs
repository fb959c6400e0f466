using System.Buffers.Binary;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>
/// Reads the directory at the end of a zip file (PKWARE APPNOTE 6.3, zip64 included). <c>System.IO.Compression</c> would read it whole before
/// anybody can object, and shows neither flags nor compression method nor where the entries lie.
/// </summary>
internal static class ZipDirectory
{
    internal const string AcceptedArchive = "a whole zip file in one part, with .jpg, .jpeg and .png files in one folder per class";

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

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What zip programs write that know of no Unicode.</summary>
    private static readonly Encoding OldNames = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    /// <param name="archive">Can seek.</param>
    /// <param name="mostItems">More are refused before memory is taken for them.</param>
    /// <param name="directoryAt">Where it begins, and the entries' data end.</param>
    /// <exception cref="ArchiveException">No zip file, a part of one, or more entries than accepted.</exception>
    public static IReadOnlyList<ZipItem> Read(Stream archive, int mostItems, out long directoryAt)
    {
        var end = FindEnd(archive);
        directoryAt = end.DirectoryAt;
        if (end.Items > mostItems) throw TooMany(end.Items, mostItems);
        archive.Position = end.DirectoryAt;
        using var directory = new BufferedStream(new StreamPart(archive, end.DirectoryLength), 1 << 16);
        var items = new List<ZipItem>();
        for (var i = 0; i < end.Items; i++) items.Add(ReadItem(directory, end.DirectoryAt));
        return directory.ReadByte() < 0 ? items : throw Damaged($"says that it has {end.Items} entries, and has more");
    }

    private static End FindEnd(Stream archive)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + MostComment)];
        var tailAt = archive.Length - tail.Length;
        archive.Position = tailAt;
        archive.ReadExactly(tail);
        for (var i = tail.Length - EndLength; i >= 0; i--)
        {
            var bytes = tail.AsSpan(i);
            if (U32(bytes, 0) == EndSignature && U16(bytes, 20) == bytes.Length - EndLength) return EndOf(archive, bytes, tailAt + i).Checked();
        }
        var isZip = archive.Length >= sizeof(uint) && StartsAsZip(archive);
        throw isZip
            ? Damaged("has no directory at its end: it was cut off")
            : new ArchiveException(null, null, "is no zip file", AcceptedArchive);
    }

    private static bool StartsAsZip(Stream archive)
    {
        Span<byte> start = stackalloc byte[sizeof(uint)];
        archive.Position = 0;
        archive.ReadExactly(start);
        return U32(start, 0) == ZipReader.LocalSignature;
    }

    private static End EndOf(Stream archive, ReadOnlySpan<byte> bytes, long at)
    {
        var end = new End(U16(bytes, 4), U16(bytes, 6), U16(bytes, 8), U16(bytes, 10), U32(bytes, 12), U32(bytes, 16), at);
        if (end.Items != ushort.MaxValue && end.DirectoryLength != uint.MaxValue && end.DirectoryAt != uint.MaxValue) return end;

        // Large archives say the same in larger numbers, in a record that another one before this leads to.
        if (at < End64LocatorLength) return end;
        Span<byte> locator = stackalloc byte[End64LocatorLength];
        archive.Position = at - End64LocatorLength;
        archive.ReadExactly(locator);
        if (U32(locator, 0) != End64LocatorSignature) return end;
        var end64At = I64(locator, 8);
        if (end64At < 0 || end64At > at - End64LocatorLength - End64Length) throw Damaged("has a directory that lies outside it");
        Span<byte> end64 = stackalloc byte[End64Length];
        archive.Position = end64At;
        archive.ReadExactly(end64);
        return U32(end64, 0) == End64Signature
            ? new End((int)U32(end64, 16), (int)U32(end64, 20), I64(end64, 24), I64(end64, 32), I64(end64, 40), I64(end64, 48), end64At)
            : throw Damaged("has no zip64 record where it says that there is one");
    }

    private static ZipItem ReadItem(Stream directory, long directoryAt)
    {
        Span<byte> header = stackalloc byte[ItemLength];
        Fill(directory, header);
        if (U32(header, 0) != ItemSignature) throw Damaged("has a damaged directory");
        var flags = U16(header, 8);
        var name = new byte[U16(header, 28)];
        var extra = new byte[U16(header, 30)];
        var comment = new byte[U16(header, 32)];
        Fill(directory, name);
        Fill(directory, extra);
        Fill(directory, comment);

        var large = Zip64Values(extra);
        var length = Take(U32(header, 24), ref large);
        var compressed = Take(U32(header, 20), ref large);
        var headerAt = Take(U32(header, 42), ref large);
        var item = new ZipItem(NameOf(name, flags), U16(header, 10), flags, U32(header, 38), compressed, length, U32(header, 16), headerAt);
        return length >= 0 && compressed >= 0 && compressed <= directoryAt && headerAt >= 0 && headerAt < directoryAt
            ? item
            : throw new ArchiveException(item.Name, null, "lies outside the archive", AcceptedArchive);
    }

    private static string NameOf(byte[] bytes, int flags)
    {
        try
        {
            // Some programs write UTF-8 without saying so.
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return (flags & Utf8Flag) == 0 ? OldNames.GetString(bytes) : throw Damaged("has an entry whose name is no UTF-8, although it says so");
        }
    }

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

    private static void Fill(Stream directory, Span<byte> bytes)
    {
        if (directory.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Damaged("has a directory that ends too early");
    }

    private static ArchiveException Damaged(string problem) => new(null, null, problem, AcceptedArchive);

    private static ArchiveException TooMany(long found, int most)
        => new(null, $"{found} entries", "has too many entries", $"at most {most} entries (Uploads:MaxFiles)");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    /// <param name="Disk">Of an archive in several parts.</param>
    /// <param name="At">Where the record lies: right after the directory.</param>
    private sealed record End(int Disk, int DirectoryDisk, long ItemsHere, long Items, long DirectoryLength, long DirectoryAt, long At)
    {
        public End Checked()
        {
            if (Disk != 0 || DirectoryDisk != 0 || ItemsHere != Items) throw Damaged("is one part of several");
            if (Items < 0 || DirectoryLength < 0 || DirectoryAt < 0 || DirectoryAt > At || DirectoryLength != At - DirectoryAt)
                throw Damaged("has a directory that does not lie where it says");
            return this;
        }
    }
}
