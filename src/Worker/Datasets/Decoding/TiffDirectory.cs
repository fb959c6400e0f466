using System.Buffers.Binary;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>
/// The first directory of a TIFF file (TIFF 6.0, section 2; BigTIFF has the same with longer numbers). LibTiff takes memory for whatever an entry counts,
/// before it looks whether the file has that; so this is looked at first.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const int WidthTag = 256;
    private const int HeightTag = 257;

    /// <summary>Bytes of a value, by type: BYTE, ASCII, SHORT, LONG, RATIONAL, the same signed, FLOAT, DOUBLE, IFD; of BigTIFF also numbers of eight bytes.</summary>
    private static readonly byte[] TypeBytes = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8];

    private readonly ReadOnlySpan<byte> file;
    private readonly bool isBigEndian;
    private readonly bool isLong;

    private TiffDirectory(ReadOnlySpan<byte> file)
    {
        this.file = file;
        isBigEndian = file[0] == 'M';
        isLong = Number(2, 2) == 43;
    }

    /// <param name="file">Begins with the signature.</param>
    /// <exception cref="BrokenFileException">The directory, or something that it names, is not in the file, or the image has a size that is not accepted.</exception>
    public static void RequireWhole(ReadOnlySpan<byte> file)
    {
        if (file.Length < 16) throw new BrokenFileException("the header of the TIFF file is damaged: the file ends in it");
        new TiffDirectory(file).Check();
    }

    private void Check()
    {
        var (numberBytes, entryBytes, countBytes) = isLong ? (8, 20, 8) : (4, 12, 2);
        var start = Number(isLong ? 8 : 4, numberBytes);
        if (start > (ulong)(file.Length - countBytes)) throw new BrokenFileException("the header of the TIFF file is damaged: its directory lies beyond the end of the file");
        var entries = Number((int)start, countBytes);
        if (entries > (ulong)(file.Length - countBytes - (int)start) / (ulong)entryBytes) throw new BrokenFileException("the header of the TIFF file is damaged: the file ends in its directory");
        for (var i = 0; i < (int)entries; i++)
        {
            var at = (int)start + countBytes + (i * entryBytes);
            var (tag, type, count) = ((int)Number(at, 2), (int)Number(at + 2, 2), Number(at + 4, numberBytes));
            var bytes = type < TypeBytes.Length ? TypeBytes[type] : 1;
            if (count > (ulong)(file.Length / bytes)) throw new BrokenFileException($"the header of the TIFF file is damaged: tag {tag} has {count} values, more than the file can hold");
            if (tag is WidthTag or HeightTag && bytes <= numberBytes) Raster.RequireSize((long)Math.Min(Number(at + 4 + numberBytes, bytes), int.MaxValue), 1);
        }
    }

    private ulong Number(int at, int bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes; i++) value = (value << 8) | file[isBigEndian ? at + i : at + bytes - 1 - i];
        return value;
    }
}
