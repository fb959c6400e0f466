using System.IO.Compression;
using System.Text;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>A numeric array of a MAT-file; MATLAB's order: the first dimension varies fastest.</summary>
/// <param name="Dimensions">Their product is the number of values.</param>
/// <param name="Type">How <paramref name="Bytes"/> stores the values; MATLAB chooses the smallest that holds them all.</param>
/// <param name="IsLittleEndian">Of the values.</param>
internal sealed record MatArray(string Name, int[] Dimensions, MatType Type, byte[] Bytes, bool IsLittleEndian);

/// <summary>Data types of MAT-file elements.</summary>
internal enum MatType
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
}

/// <summary>
/// Reads arrays of numbers from MATLAB's binary format, level 5 (MathWorks, "MAT-File Format"): what <c>save -v7</c>, <c>-v6</c> and
/// SciPy's <c>savemat</c> write. Everything that a file says about sizes is checked against its length before memory is taken.
/// </summary>
internal static class MatFile
{
    private const int HeaderBytes = 128;
    private const int Version5 = 0x0100;

    /// <param name="stream">Seekable, at its start.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="wanted">Names of variables; others are passed over.</param>
    /// <exception cref="DatasetException">No such file, damaged, or a variable is missing or no array of real numbers.</exception>
    public static IReadOnlyDictionary<string, MatArray> Read(Stream stream, string file, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var arrays = new Dictionary<string, MatArray>(StringComparer.Ordinal);
        var others = new List<string>();
        try
        {
            var isLittleEndian = ReadHeader(stream, file);
            while (arrays.Count < wanted.Count && stream.Position < stream.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadElement(new MatElements(stream, stream.Length - stream.Position, isLittleEndian, file), stream, wanted, arrays, others);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw PublishedFiles.Fault(file, $"is damaged: {e.Message}");
        }
        if (wanted.FirstOrDefault(name => !arrays.ContainsKey(name)) is { } missing)
        {
            others.AddRange(arrays.Keys);
            throw PublishedFiles.Fault(file, $"has no variable '{missing}'; it has {(others.Count == 0 ? "none" : string.Join(", ", others.Take(10)))}.");
        }
        return arrays;
    }

    private static bool ReadHeader(Stream stream, string file)
    {
        var header = new byte[HeaderBytes];
        var read = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (header.AsSpan().StartsWith("MATLAB 7.3"u8) || header is [0x89, (byte)'H', (byte)'D', (byte)'F', ..])
            throw PublishedFiles.Fault(file, "was saved as version 7.3, which is HDF5; save it with -v7.");
        if (read < HeaderBytes) throw PublishedFiles.Fault(file, $"has {read} bytes, too few for a MAT-file: it is truncated.");
        return (header[124], header[125], header[126], header[127]) switch
        {
            (Version5 & 0xff, Version5 >> 8, (byte)'I', (byte)'M') => true,
            (Version5 >> 8, Version5 & 0xff, (byte)'M', (byte)'I') => false,
            _ => throw PublishedFiles.Fault(file, "is no MAT-file of level 5: its header does not say so."),
        };
    }

    private static void ReadElement(
        MatElements elements, Stream stream, IReadOnlyCollection<string> wanted, Dictionary<string, MatArray> arrays, List<string> others)
    {
        var (type, bytes) = elements.ReadTag();
        var end = stream.Position + bytes;
        if (type == MatType.Compressed)
        {
            // What is compressed is a whole element, and follows its tag without padding.
            using var plain = new ZLibStream(new StreamSlice(stream, stream.Position, bytes), CompressionMode.Decompress);
            var inner = new MatElements(plain, Deflate.MostBytesFrom(bytes), elements.IsLittleEndian, elements.File);
            var (innerType, innerBytes) = inner.ReadTag();
            if (innerType != MatType.Matrix) throw elements.Damaged($"holds a compressed element of type {(int)innerType} where a matrix is expected");
            if (Keep(ReadMatrix(inner.Inside(innerBytes), wanted, others), arrays)) inner.ExpectEnd();
        }
        else if (type == MatType.Matrix)
        {
            Keep(ReadMatrix(elements.Inside(bytes), wanted, others), arrays);
        }
        else
        {
            throw elements.Damaged($"has an element of type {(int)type} at byte {stream.Position - 8} where a matrix is expected");
        }
        stream.Position = end;
    }

    private static bool Keep(MatArray? array, Dictionary<string, MatArray> arrays) => array is not null && arrays.TryAdd(array.Name, array);

    /// <summary>Flags, dimensions, name, values. Null for a variable that nobody wants; the rest of it is not read.</summary>
    private static MatArray? ReadMatrix(MatElements elements, IReadOnlyCollection<string> wanted, List<string> others)
    {
        const int mostDimensions = 8;
        const int mostName = 64;
        const int complex = 0x0800;
        const int firstNumericClass = 6;
        const int lastNumericClass = 15;
        var flags = elements.ReadInts(MatType.UInt32, 2);
        var dimensions = elements.ReadInts(MatType.Int32, mostDimensions);
        var name = Encoding.ASCII.GetString(elements.ReadBytes(MatType.Int8, mostName));
        if (!wanted.Contains(name, StringComparer.Ordinal))
        {
            others.Add(name);
            return null;
        }
        if (flags.Length != 2 || (flags[0] & 0xff) is < firstNumericClass or > lastNumericClass || (flags[0] & complex) != 0)
            throw elements.Damaged($"has no array of real numbers as '{name}'");
        var count = 1L;
        foreach (var size in dimensions)
        {
            if (size < 0) throw elements.Damaged($"has a dimension of {size} in '{name}'");
            count = Math.Min(count * size, int.MaxValue);
        }
        var (type, values) = elements.ReadNumbers(count);
        return new MatArray(name, dimensions, type, values, elements.IsLittleEndian);
    }
}
