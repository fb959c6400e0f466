using System.Numerics;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>Where the numbers of a file's tensors lie.</summary>
internal interface IStorages
{
    /// <exception cref="InvalidDataException">The file has no such storage, or one of another size.</exception>
    /// <exception cref="ArchiveException">It does not lie where its archive says.</exception>
    void Check(StorageReference storage);

    /// <summary>So many bytes, and perhaps more, from a byte of the whole storage on.</summary>
    /// <exception cref="InvalidDataException">The file is damaged there; reading may say so too.</exception>
    /// <exception cref="ArchiveException">It does not lie where its archive says.</exception>
    Stream Open(StorageReference storage, long begin, long length);
}

/// <summary>Since version 1.6: a zip archive with a file <c>NAME/data/KEY</c> for each storage.</summary>
internal sealed class ZipStorages : IStorages
{
    private const string PickleName = "/data.pkl";

    /// <summary>Weights hardly compress; what grows more than this was made to fill the memory.</summary>
    private const int MostGrowth = 2;

    private const int GrowthSlack = 1 << 16;

    /// <summary>Roughly what the reader and the table of names take for an entry besides its name.</summary>
    private const int EntryCost = 200;

    private readonly Stream file;
    private readonly ZipReader archive;
    private readonly Dictionary<string, ZipItem> entries;
    private readonly string folder;

    private ZipStorages(Stream file, ZipReader archive)
    {
        this.file = file;
        this.archive = archive;
        entries = new Dictionary<string, ZipItem>(archive.Items.Count, StringComparer.Ordinal);
        foreach (var entry in archive.Items)
        {
            Add(entry);
        }
        folder = FindFolder();
    }

    /// <returns>The storages, and what the archive's pickle says.</returns>
    /// <exception cref="InvalidDataException">No archive of torch.save.</exception>
    /// <exception cref="ArchiveException">The zip archive is damaged.</exception>
    public static (IStorages Storages, object? Root) Open(Stream file, Allowance allowance)
    {
        var directory = ZipDirectory.Find(file);
        allowance.Charge((EntryCost * directory.Count) + (2 * directory.Length));
        var storages = new ZipStorages(file, ZipReader.Open(file, directory));
        storages.RequireLittleEndian();
        var pickle = storages.entries[storages.folder + PickleName];
        using var content = storages.archive.ContentOf(pickle);
        return (storages, new PickleReader(new ByteReader(content, pickle.Length), allowance).Read());
    }

    public void Check(StorageReference storage)
    {
        var entry = Entry(storage);
        if ((Int128)storage.Stored * storage.Type.Size != entry.Length)
        {
            throw new InvalidDataException($"'{entry.Name}' has {entry.Length} bytes where {storage.Stored} elements of {storage.Type.Size} bytes should be");
        }
        archive.DataAt(entry);
    }

    public Stream Open(StorageReference storage, long begin, long length)
    {
        var entry = Entry(storage);
        if (entry.IsStored)
        {
            return new StreamSlice(file, archive.DataAt(entry) + begin, length);
        }
        var content = archive.ContentOf(entry);
        try
        {
            Skip(content, begin);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private void Add(ZipItem entry)
    {
        if (entry.Fault() is { } fault)
        {
            throw new ArchiveException([fault]);
        }
        if (entry.Length > (MostGrowth * file.Length) + GrowthSlack)
        {
            throw new InvalidDataException($"'{entry.Name}' claims to hold {entry.Length} bytes in {entry.CompressedLength}");
        }
        if (!entries.TryAdd(entry.Name, entry))
        {
            throw new InvalidDataException($"'{entry.Name}' appears twice in its zip directory");
        }
    }

    private string FindFolder()
    {
        var pickles = entries.Keys.Where(name => name.EndsWith(PickleName, StringComparison.Ordinal) && name.Count(c => c == '/') == 1).ToArray();
        if (pickles is not [var pickle])
        {
            if (entries.ContainsKey("model.weights.h5"))
            {
                throw new InvalidDataException("it is a .keras archive; save the model as .h5, with Keras: model.save('out.h5')");
            }
            if (entries.Count > 0 && entries.Keys.All(name => name.EndsWith(".npy", StringComparison.Ordinal)))
            {
                throw new InvalidDataException("it holds arrays of NumPy (.npz); save them with safetensors.numpy.save_file, in Python");
            }
            throw new InvalidDataException($"it is a zip archive with {pickles.Length} files NAME/data.pkl where torch.save writes one; if weights were packed into it, unpack them");
        }
        var name = pickle[..^PickleName.Length];
        return entries.ContainsKey($"{name}/constants.pkl")
            ? throw new InvalidDataException("it is a TorchScript module; a state_dict is read: torch.save(torch.jit.load('in.pt').state_dict(), 'out.pth')")
            : name;
    }

    private void RequireLittleEndian()
    {
        if (!entries.TryGetValue($"{folder}/byteorder", out var entry))
        {
            return;
        }
        using var content = archive.ContentOf(entry);
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

    private ZipItem Entry(StorageReference storage) => entries.TryGetValue($"{folder}/data/{storage.Key}", out var entry)
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

    private readonly Stream file;
    private readonly Dictionary<string, (long At, long Count)> places = new(StringComparer.Ordinal);

    /// <summary>Finds each storage. Its elements' size, which tells where the next one begins, is known to the tensors only.</summary>
    /// <param name="begin">Of the first one.</param>
    /// <exception cref="InvalidDataException">One of unknown size or beyond the file's end.</exception>
    private SerialStorages(Stream file, long begin, List<object?> keys, IReadOnlyDictionary<string, (StorageType Type, long Count)> storages)
    {
        this.file = file;
        var fileLength = file.Length;
        var position = begin;
        var whole = storages.Values.Aggregate((Int128)begin, (sum, storage) => sum + sizeof(long) + ((Int128)storage.Count * storage.Type.Size));
        if (fileLength < whole)
        {
            throw new InvalidDataException(CutOff.After(fileLength, whole));
        }
        foreach (var item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage))
            {
                throw new InvalidDataException($"no tensor refers to storage '{item}', so the size of its elements is unknown");
            }
            var count = new ByteReader(new StreamSlice(file, position, fileLength - position), fileLength - position).ReadInt64();
            position += sizeof(long);
            var size = storage.Type.Size;
            if (count < 0 || count > (fileLength - position) / size)
            {
                throw new InvalidDataException($"storage '{key}' should have {count} elements of {size} bytes, and {fileLength - position} bytes are left");
            }
            if (!places.TryAdd(key, (position, count)))
            {
                throw new InvalidDataException($"storage '{key}' appears twice");
            }
            position += count * size;
        }
    }

    /// <returns>The storages, and what the file's pickle says.</returns>
    /// <exception cref="InvalidDataException">No such file.</exception>
    public static (IStorages Storages, object? Root) Open(Stream file, Allowance allowance)
    {
        var bytes = new ByteReader(new StreamSlice(file, 0, file.Length), file.Length);
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
            ? (new SerialStorages(file, bytes.Position, keys, pickle.Storages), root)
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

    public Stream Open(StorageReference storage, long begin, long length) => new StreamSlice(file, places[storage.Key].At + begin, length);
}
