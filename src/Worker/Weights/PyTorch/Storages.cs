using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>Where the numbers of a file's tensors lie.</summary>
internal interface IStorages
{
    /// <exception cref="InvalidDataException">The file has no such storage, or one of another size.</exception>
    void Check(StorageReference storage);

    /// <summary>Fills <paramref name="destination"/> from a byte of the whole storage on.</summary>
    /// <exception cref="InvalidDataException">The file is damaged there.</exception>
    void Read(StorageReference storage, long begin, Span<byte> destination);
}

/// <summary>Since version 1.6: a zip archive with a file <c>NAME/data/KEY</c> for each storage.</summary>
internal sealed class ZipStorages(SafeFileHandle file, ZipDirectory directory, string folder) : IStorages
{
    private const string PickleName = "/data.pkl";

    /// <returns>The storages, and what the archive's pickle says.</returns>
    /// <exception cref="InvalidDataException">No archive of torch.save.</exception>
    public static (IStorages Storages, object? Root) Open(SafeFileHandle file, long fileLength, Allowance allowance)
    {
        var directory = ZipDirectory.Read(file, fileLength, allowance);
        var pickles = directory.Entries.Values.Where(e => e.Name.EndsWith(PickleName, StringComparison.Ordinal) && e.Name.Count(c => c == '/') == 1).ToArray();
        if (pickles is not [var pickle])
        {
            throw new InvalidDataException($"it is a zip archive with {pickles.Length} files NAME/data.pkl where torch.save writes one");
        }
        var folder = pickle.Name[..^PickleName.Length];
        if (directory.Entries.ContainsKey($"{folder}/constants.pkl"))
        {
            throw new InvalidDataException("it is a TorchScript module; a state_dict is read: torch.save(torch.jit.load('in.pt').state_dict(), 'out.pth')");
        }
        RequireLittleEndian(directory, $"{folder}/byteorder");
        using var content = directory.Open(pickle);
        var root = new PickleReader(new ByteReader(content, pickle.Length), allowance).Read();
        return (new ZipStorages(file, directory, folder), root);
    }

    public void Check(StorageReference storage)
    {
        var entry = Entry(storage);
        if ((Int128)storage.Stored * storage.Type.Size != entry.Length)
        {
            throw new InvalidDataException($"'{entry.Name}' has {entry.Length} bytes where {storage.Stored} elements of {storage.Type.Size} bytes should be");
        }
        directory.DataOf(entry);
    }

    public void Read(StorageReference storage, long begin, Span<byte> destination)
    {
        var entry = Entry(storage);
        if (!entry.IsDeflated)
        {
            new FileSlice(file, directory.DataOf(entry) + begin, destination.Length).ReadExactly(destination);
            return;
        }
        using var content = directory.Open(entry);
        Skip(content, begin);
        content.ReadExactly(destination);
    }

    private static void RequireLittleEndian(ZipDirectory directory, string name)
    {
        if (!directory.Entries.TryGetValue(name, out var entry))
        {
            return;
        }
        using var content = directory.Open(entry);
        Span<byte> order = stackalloc byte["little".Length];
        if (content.ReadAtLeast(order, order.Length, throwOnEndOfStream: false) < order.Length || !order.SequenceEqual("little"u8))
        {
            throw new InvalidDataException("its numbers are big-endian; save it on a little-endian machine");
        }
    }

    private static void Skip(Stream content, long count)
    {
        Span<byte> skipped = stackalloc byte[4096];
        while (count > 0)
        {
            var part = skipped[..(int)Math.Min(skipped.Length, count)];
            content.ReadExactly(part);
            count -= part.Length;
        }
    }

    private ZipEntry Entry(StorageReference storage) => directory.Entries.TryGetValue($"{folder}/data/{storage.Key}", out var entry)
        ? entry
        : throw new InvalidDataException($"its storage '{storage.Key}' is missing");
}

/// <summary>
/// Versions 0.1.10 … 1.5: pickles of a magic number, the protocol, the machine, the content and the storages' keys, then each storage as its
/// number of elements (8 bytes) and these.
/// </summary>
internal sealed class SerialStorages : IStorages
{
    private const int Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly SafeFileHandle file;
    private readonly Dictionary<string, (long At, long Count)> places = new(StringComparer.Ordinal);

    /// <summary>Finds each storage. Its elements' size, which tells where the next one begins, is known to the tensors only.</summary>
    /// <param name="begin">Of the first one.</param>
    private SerialStorages(SafeFileHandle file, long fileLength, long begin, List<object?> keys, IReadOnlyDictionary<string, StorageType> types)
    {
        this.file = file;
        var position = begin;
        foreach (var item in keys)
        {
            if (item is not string key || !types.TryGetValue(key, out var type))
            {
                throw new InvalidDataException($"no tensor refers to storage '{item}', so the size of its elements is unknown");
            }
            var count = new ByteReader(new FileSlice(file, position, fileLength - position), fileLength - position).ReadInt64();
            position += sizeof(long);
            if (count < 0 || count > (fileLength - position) / type.Size)
            {
                throw new InvalidDataException($"storage '{key}' should have {count} elements of {type.Size} bytes, and {fileLength - position} bytes are left");
            }
            if (!places.TryAdd(key, (position, count)))
            {
                throw new InvalidDataException($"storage '{key}' appears twice");
            }
            position += count * type.Size;
        }
    }

    /// <returns>The storages, and what the file's pickle says.</returns>
    /// <exception cref="InvalidDataException">No such file.</exception>
    public static (IStorages Storages, object? Root) Open(SafeFileHandle file, long fileLength, Allowance allowance)
    {
        var bytes = new ByteReader(new FileSlice(file, 0, fileLength), fileLength);
        var pickle = new PickleReader(bytes, allowance);
        if (pickle.Read() is not BigInteger magic || magic != Magic || pickle.Read() is not (long)Protocol)
        {
            throw new InvalidDataException($"it is a pickle, but not as torch.save writes one; {PyTorchReader.SaveAnew}");
        }
        if (pickle.Read() is not PickleDict machine || !machine.Items.Any(item => item is { Key: "little_endian", Value: true }))
        {
            throw new InvalidDataException("its numbers are big-endian; save it on a little-endian machine");
        }
        var root = pickle.Read();
        return pickle.Read() is List<object?> keys
            ? (new SerialStorages(file, fileLength, bytes.Position, keys, pickle.StorageTypes), root)
            : throw new InvalidDataException("its list of storages is missing");
    }

    public void Check(StorageReference storage)
    {
        if (!places.TryGetValue(storage.Key, out var place))
        {
            throw new InvalidDataException($"its storage '{storage.Key}' is missing");
        }
        if (place.Count != storage.Stored)
        {
            throw new InvalidDataException($"storage '{storage.Key}' has {place.Count} elements, and its tensors count on {storage.Stored}");
        }
    }

    public void Read(StorageReference storage, long begin, Span<byte> destination)
        => new FileSlice(file, places[storage.Key].At + begin, destination.Length).ReadExactly(destination);
}
