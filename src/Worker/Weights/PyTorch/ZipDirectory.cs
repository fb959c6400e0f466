using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>One file of an archive.</summary>
/// <param name="Stored">Bytes in the archive.</param>
/// <param name="Length">Bytes of the file; as many as <paramref name="Stored"/> unless it is deflated.</param>
/// <param name="HeaderAt">Of its local header in the archive.</param>
internal sealed record ZipEntry(string Name, bool IsDeflated, long Stored, long Length, long HeaderAt);

/// <summary>
/// The files of a zip archive (PKWARE's APPNOTE, sections 4.3 and 4.5.3). <see cref="ZipArchive"/> says neither where a file's bytes lie, which
/// many tensors in one storage need, nor how much memory a hostile directory may take.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint LongEndSignature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int LocalLength = 30;
    private const int LongNumbers = 0x0001;

    /// <summary>Weights hardly compress; what grows more than this was made to fill the memory.</summary>
    private const int MostGrowth = 2;

    private const int GrowthSlack = 1 << 16;

    private readonly SafeFileHandle file;
    private readonly long fileLength;
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);

    private ZipDirectory(SafeFileHandle file, long fileLength)
    {
        this.file = file;
        this.fileLength = fileLength;
    }

    public IReadOnlyDictionary<string, ZipEntry> Entries => entries;

    /// <exception cref="InvalidDataException">No zip archive, or a damaged or unusual one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ZipDirectory Read(SafeFileHandle file, long fileLength, Allowance allowance)
    {
        var directory = new ZipDirectory(file, fileLength);
        var (begin, length, count) = directory.FindEntries();
        directory.ReadEntries(directory.Reader(begin, length), count, allowance);
        return directory;
    }

    /// <summary>First byte of a file's data in the archive.</summary>
    /// <exception cref="InvalidDataException">Its local header is damaged, or the data does not lie in the archive.</exception>
    public long DataOf(ZipEntry entry)
    {
        var header = Reader(entry.HeaderAt, LocalLength);
        Expect(header, LocalSignature, $"header of '{entry.Name}'");
        header.Skip(22);
        var begin = entry.HeaderAt + LocalLength + header.ReadUInt16() + header.ReadUInt16();
        RequireInside(begin, entry.Stored, $"'{entry.Name}'");
        return begin;
    }

    /// <summary>Its content from the start.</summary>
    public Stream Open(ZipEntry entry)
    {
        var stored = new FileSlice(file, DataOf(entry), entry.Stored);
        return entry.IsDeflated ? new DeflateStream(stored, CompressionMode.Decompress) : stored;
    }

    private (long Begin, long Length, long Count) FindEntries()
    {
        var tail = new byte[(int)Math.Min(fileLength, EndLength + LongestComment)];
        Reader(fileLength - tail.Length, tail.Length).Read(tail);
        Span<byte> signature = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, EndSignature);
        var at = tail.Length < EndLength ? -1 : tail.AsSpan(0, tail.Length - EndLength + sizeof(uint)).LastIndexOf(signature);
        if (at < 0)
        {
            throw new InvalidDataException("its zip directory is missing: it was cut, or not wholly downloaded");
        }
        var end = tail.AsSpan(at);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var begin = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        return count == ushort.MaxValue || length == uint.MaxValue || begin == uint.MaxValue
            ? FindLongEntries(fileLength - tail.Length + at - LocatorLength)
            : (begin, length, count);
    }

    private (long Begin, long Length, long Count) FindLongEntries(long locatorAt)
    {
        var locator = Reader(locatorAt, LocatorLength);
        Expect(locator, LocatorSignature, "zip64 locator");
        locator.Skip(4);
        const int numbers = 56;
        var end = Reader(locator.ReadInt64(), numbers);
        Expect(end, LongEndSignature, "zip64 directory end");
        end.Skip(28);
        var count = end.ReadInt64();
        var length = end.ReadInt64();
        return (end.ReadInt64(), length, count);
    }

    private void ReadEntries(ByteReader reader, long count, Allowance allowance)
    {
        for (var i = 0L; i < count; i++)
        {
            var entry = ReadEntry(reader, allowance);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new InvalidDataException($"'{entry.Name}' appears twice in its zip directory");
            }
        }
    }

    private ZipEntry ReadEntry(ByteReader reader, Allowance allowance)
    {
        Expect(reader, EntrySignature, "zip directory");
        reader.Skip(4);
        var flags = reader.ReadUInt16();
        var method = reader.ReadUInt16();
        reader.Skip(8);
        long stored = reader.ReadUInt32();
        long length = reader.ReadUInt32();
        var nameLength = reader.ReadUInt16();
        var extraLength = reader.ReadUInt16();
        var commentLength = reader.ReadUInt16();
        reader.Skip(8);
        long headerAt = reader.ReadUInt32();
        allowance.Charge(200 + (3 * nameLength));
        reader.Require(nameLength);
        var name = new byte[nameLength];
        reader.Read(name);
        ReadExtra(reader, extraLength, ref length, ref stored, ref headerAt);
        reader.Skip(commentLength);
        return Checked(new ZipEntry(Encoding.UTF8.GetString(name), method != 0, stored, length, headerAt), flags, method);
    }

    private ZipEntry Checked(ZipEntry entry, int flags, int method)
    {
        const int encrypted = 1;
        const int deflated = 8;
        if ((flags & encrypted) != 0 || method is not (0 or deflated))
        {
            throw new InvalidDataException($"'{entry.Name}' is encrypted or packed by method {method}; stored and deflated files are read");
        }
        RequireInside(entry.HeaderAt, entry.Stored, $"'{entry.Name}'");
        if (entry.Length < 0 || (entry.IsDeflated ? entry.Length > (MostGrowth * fileLength) + GrowthSlack : entry.Length != entry.Stored))
        {
            throw new InvalidDataException($"'{entry.Name}' claims to hold {entry.Length} bytes in {entry.Stored}");
        }
        return entry;
    }

    /// <summary>Numbers that do not fit into 32 bits are repeated there, in this order.</summary>
    private static void ReadExtra(ByteReader reader, int extraLength, ref long length, ref long stored, ref long headerAt)
    {
        const int head = 4;
        while (extraLength >= head)
        {
            var id = reader.ReadUInt16();
            int size = reader.ReadUInt16();
            extraLength -= head + size;
            if (extraLength < 0)
            {
                throw new InvalidDataException("an extra field of its zip directory is longer than its entry");
            }
            if (id == LongNumbers)
            {
                ReadLong(ref length);
                ReadLong(ref stored);
                ReadLong(ref headerAt);
            }
            reader.Skip(size);

            void ReadLong(ref long number)
            {
                if (number == uint.MaxValue && size >= sizeof(long))
                {
                    number = reader.ReadInt64();
                    size -= sizeof(long);
                }
            }
        }
        reader.Skip(extraLength);
    }

    private ByteReader Reader(long begin, long length)
    {
        RequireInside(begin, length, "zip directory");
        return new ByteReader(new FileSlice(file, begin, length), length);
    }

    private void RequireInside(long begin, long length, string what)
    {
        if (begin < 0 || length < 0 || begin > fileLength || length > fileLength - begin)
        {
            throw new InvalidDataException($"{what} should lie at bytes {begin} … {(Int128)begin + length} of {fileLength}");
        }
    }

    private static void Expect(ByteReader reader, uint signature, string what)
    {
        if (reader.ReadUInt32() != signature)
        {
            throw new InvalidDataException($"its {what} is damaged");
        }
    }
}
