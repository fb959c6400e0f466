using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>The files of a data set, wherever they were found: in a folder, or in the archive that they are published in.</summary>
/// <param name="Folder">Where they lie, or the archive does.</param>
/// <param name="Paths">Real path of each file by its published name; of the archive alone, where there is one.</param>
/// <param name="Archive">Published name of the archive; null where the files lie unpacked.</param>
internal sealed record PublishedFiles(string Folder, IReadOnlyDictionary<string, string> Paths, string? Archive)
{
    /// <summary>No published file of these sets is nearly so large, and an array cannot be much larger.</summary>
    private const long MostBytes = 1 << 30;

    /// <summary>Opens them for reading. An archive is unpacked into memory.</summary>
    /// <param name="wanted">Names of the files to take from an archive.</param>
    /// <exception cref="DatasetException">The archive is damaged.</exception>
    public FileContents Open(IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        if (Archive is null) return new FileContents(this, null);
        using var stream = OpenFile(Paths[Archive], Archive);
        return new FileContents(this, TarGz.Read(stream, Archive, wanted, MostBytes, cancellationToken));
    }

    internal static DatasetException Fault(string file, string problem)
        => new("path", $"'{file}' {problem} Get the file again, or remove it.");

    private static FileStream OpenFile(string path, string name)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(name, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Bytes of files, by published name.</summary>
    internal sealed class FileContents(PublishedFiles files, IReadOnlyDictionary<string, byte[]>? unpacked)
    {
        public bool Has(string name) => unpacked?.ContainsKey(name) ?? files.Paths.ContainsKey(name);

        /// <exception cref="DatasetException">It is absent or cannot be read.</exception>
        public Stream Open(string name)
        {
            if (unpacked is null) return OpenFile(files.Paths[name], name);
            return unpacked.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : throw Fault(files.Archive!, $"holds no file '{name}'.");
        }

        /// <exception cref="DatasetException">It is absent, too large or cannot be read.</exception>
        public byte[] Read(string name)
        {
            if (unpacked?.GetValueOrDefault(name) is { } known) return known;
            using var stream = Open(name);
            if (stream.Length > MostBytes) throw Fault(name, $"has {stream.Length:N0} bytes, more than any file of this data set.");
            try
            {
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            }
            catch (IOException e)
            {
                throw Fault(name, $"cannot be read: {e.Message}");
            }
        }
    }
}
