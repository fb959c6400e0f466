using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>
/// The IDX layout of MNIST (Y. LeCun): two zero bytes, the type (8: unsigned byte), the number of dimensions, each dimension as a
/// big-endian int32, then the values. Gzipped or not: the first bytes tell.
/// </summary>
/// <param name="Bytes">Decompressed.</param>
/// <param name="Dimensions">Their product is the number of values.</param>
internal sealed record IdxFile(byte[] Bytes, int[] Dimensions)
{
    private const byte UnsignedByte = 8;

    /// <summary>Of what comes out of gzip. The training images of MNIST and its likes have 47 MB.</summary>
    private const int MostBytes = 1 << 29;

    /// <summary>Where the values begin.</summary>
    public int Offset => 4 + (4 * Dimensions.Length);

    /// <param name="file">Its name, for messages.</param>
    /// <param name="dimensions">How many it must have.</param>
    /// <exception cref="Domain.Datasets.DatasetException">Truncated, another type or number of dimensions, or not as many values as they say.</exception>
    public static IdxFile Read(byte[] bytes, string file, int dimensions)
    {
        var plain = bytes is [0x1f, 0x8b, ..] ? Decompress(bytes, file) : bytes;
        var offset = 4 + (4 * dimensions);
        if (plain.Length < offset || plain[0] != 0 || plain[1] != 0)
            throw PublishedFiles.Fault(file, "is no IDX file: it does not begin with two zero bytes, a type and dimensions.");
        if (plain[2] != UnsignedByte || plain[3] != dimensions)
            throw PublishedFiles.Fault(file, $"holds values of type {plain[2]} in {plain[3]} dimensions; expected is type {UnsignedByte} (unsigned byte) in {dimensions}.");
        var sizes = new int[dimensions];
        var values = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(4 + (4 * i)));
            if (sizes[i] < 1) throw PublishedFiles.Fault(file, $"says that dimension {i + 1} has {sizes[i]} entries.");
            values = Math.Min(values * sizes[i], int.MaxValue);
        }
        return values == plain.Length - offset
            ? new IdxFile(plain, sizes)
            : throw PublishedFiles.Fault(file, $"says that it holds {string.Join(" × ", sizes)} values, and holds {plain.Length - offset:N0}: it is truncated or damaged.");
    }

    private static byte[] Decompress(byte[] bytes, string file)
    {
        try
        {
            using var plain = new GZipStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
            using var target = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = plain.Read(buffer)) > 0;)
            {
                if (target.Length + read > MostBytes) throw PublishedFiles.Fault(file, $"decompresses to more than {MostBytes:N0} bytes.");
                target.Write(buffer, 0, read);
            }
            return target.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw PublishedFiles.Fault(file, $"is no intact gzip file: {e.Message}");
        }
    }
}
