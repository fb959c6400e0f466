using System.Formats.Tar;
using System.IO.Compression;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>Takes files out of a gzipped tar archive, into memory.</summary>
internal static class TarGz
{
    /// <param name="name">Of the archive, for messages.</param>
    /// <param name="wanted">File names; the folders that they lie in do not matter.</param>
    /// <param name="mostBytes">A file in it that is larger is refused.</param>
    /// <exception cref="Domain.Datasets.DatasetException">It is no such archive, or damaged.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(
        Stream archive, string name, IReadOnlyCollection<string> wanted, long mostBytes, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var budget = Math.Min(mostBytes, Deflate.MostBytesFrom(archive.Length));
        try
        {
            using var plain = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(plain);
            while (files.Count < wanted.Count && tar.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !wanted.Contains(file, StringComparer.Ordinal)) continue;
                if (entry.Length > budget) throw PublishedFiles.Fault(name, $"says that its file '{file}' has {entry.Length:N0} bytes, which it cannot hold.");
                budget -= entry.Length;
                var bytes = new byte[entry.Length];
                entry.DataStream?.ReadExactly(bytes);
                files[file] = bytes;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or OverflowException or ArgumentException)
        {
            throw PublishedFiles.Fault(name, $"is no intact .tar.gz archive: {e.Message}");
        }
        return files;
    }
}
