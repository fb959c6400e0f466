using System.IO.Compression;
using System.Text;
using NeuralCapacitance.Worker.Weights.PyTorch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>The files of tools/goldens_weights.py, and files made by hand.</summary>
internal static class PyTorchFiles
{
    /// <summary>What a reader may take besides twice the file's size.</summary>
    public const long Always = 12 << 20;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "weights", name);

    public static byte[] Pickle(string name)
    {
        using var archive = ZipFile.OpenRead(PathOf(name));
        using var pickle = archive.Entries.Single(e => e.Name == "data.pkl").Open();
        using var content = new MemoryStream();
        pickle.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>An archive as torch.save lays it out.</summary>
    /// <param name="storages">Contents of <c>data/0</c>, <c>data/1</c>, …</param>
    public static void Write(string path, byte[] pickle, IReadOnlyList<byte[]> storages, CompressionLevel compression = CompressionLevel.NoCompression, params string[] more)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Add("archive/data.pkl", pickle);
        for (var i = 0; i < storages.Count; i++)
        {
            Add($"archive/data/{i}", storages[i]);
        }
        foreach (var name in more)
        {
            Add($"archive/{name}", "big"u8.ToArray());
        }

        void Add(string name, byte[] content)
        {
            using var entry = archive.CreateEntry(name, compression).Open();
            entry.Write(content);
        }
    }

    /// <summary>The pickle of <c>{'a': tensor}</c>, the tensor a view of <c>data/0</c> of so many float32.</summary>
    public static byte[] OneTensor(int stored, string shape, string strides, string offset = "K\0", string function = "torch._utils\n_rebuild_tensor_v2")
        => Bytes($"\u0080\u0002}}{Text("a")}c{function}\n(({Text("storage")}ctorch\nFloatStorage\n{Text("0")}{Text("cpu")}{Whole(stored)}tQ{offset}({shape}t({strides}t\u0089ccollections\nOrderedDict\n)RtRs.");

    /// <summary>Opens a file and reads its first tensor, which must take no more memory than it may.</summary>
    /// <param name="reason">Of the error that must come of it; null: none.</param>
    public static void Cost(string path, string? reason)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = PyTorchReader.Open(path);
            using var tensor = file.Dicts[0].Read(file.Dicts[0].Entries[0].Name);
            reason.ShouldBeNull();
        }
        catch (PyTorchException e)
        {
            e.Reason.ShouldContain(reason.ShouldNotBeNull());
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((2 * new FileInfo(path).Length) + Always);
    }

    public static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";

    public static string Whole(int number) => $"J{(char)(number & 255)}{(char)((number >> 8) & 255)}{(char)((number >> 16) & 255)}{(char)((number >> 24) & 255)}";

    public static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);
}
