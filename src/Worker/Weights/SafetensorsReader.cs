using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>
/// An open safetensors file. Everything that its header claims is checked against the file's size before any memory is taken,
/// so a damaged or hostile file costs a small multiple of its header, its data at most once, and an exception.
/// </summary>
public sealed class SafetensorsReader : IWeightsFile
{
    private const int LengthPrefix = sizeof(ulong);

    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly long dataStart;
    private readonly Dictionary<string, SafetensorsEntry> entries;

    private SafetensorsReader(string path, SafeFileHandle file, long dataStart, SafetensorsHeader header)
    {
        this.path = path;
        this.file = file;
        this.dataStart = dataStart;
        Entries = header.Entries;
        Metadata = header.Metadata;
        entries = header.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    IReadOnlyList<WeightsDict> IWeightsFile.Dicts => [new("", Entries, Read)];

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Texts of <see cref="Metadata"/> that are numbers, and the numbers of those that are JSON objects, as <c>accuracy.test</c>.</summary>
    public IReadOnlyDictionary<string, double> Figures => SafetensorsFigures.Of(Metadata);

    /// <exception cref="SafetensorsException">The file cannot be read or breaks the format.</exception>
    public static SafetensorsReader Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(handle);
            var header = ReadHeader(path, handle, length, out var dataStart);
            return new SafetensorsReader(path, handle, dataStart, header);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new SafetensorsException(path, e.Message, e);
            }
            throw;
        }
    }

    /// <summary>The tensor on the CPU, with the shape and type that the file gives it.</summary>
    /// <exception cref="KeyNotFoundException">No tensor has that name.</exception>
    /// <exception cref="SafetensorsException">The file was cut after it had been opened.</exception>
    public Tensor Read(string name)
    {
        var entry = entries[name];
        if (entry.Length > int.MaxValue)
        {
            throw new SafetensorsException(path, $"tensor '{name}' takes {entry.Length} bytes; at most {int.MaxValue} are read at once");
        }
        var tensor = empty(entry.Shape.ToArray(), entry.Dtype);
        try
        {
            if (entry.Length > 0)
            {
                ReadExactly(path, file, tensor.bytes, dataStart + entry.Begin);
            }
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    public void Dispose() => file.Dispose();

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle file, long fileLength, out long dataStart)
    {
        Span<byte> prefix = stackalloc byte[LengthPrefix];
        if (fileLength < LengthPrefix)
        {
            throw new SafetensorsException(path, $"it has {fileLength} bytes, too few for a header");
        }
        ReadExactly(path, file, prefix, offset: 0);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length <= SafetensorsHeader.MaximumLength && length > (ulong)(fileLength - LengthPrefix))
        {
            throw new SafetensorsException(path, $"{CutOff.Somewhere(fileLength)}; its header alone takes {length}");
        }
        if (length > SafetensorsHeader.MaximumLength)
        {
            throw new SafetensorsException(
                path, $"it announces a header of {length} bytes; the file has {fileLength} and a header at most {SafetensorsHeader.MaximumLength}");
        }
        var json = new byte[length];
        ReadExactly(path, file, json, LengthPrefix);
        dataStart = LengthPrefix + json.Length;
        return SafetensorsHeader.Parse(path, json, fileLength - dataStart);
    }

    private static void ReadExactly(string path, SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                throw new SafetensorsException(path, $"it ends at byte {offset}, {destination.Length} bytes too early");
            }
            destination = destination[read..];
            offset += read;
        }
    }
}
