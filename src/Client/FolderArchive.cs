using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace NeuralCapacitance.Client;

/// <summary>A folder as a zip file that is made while it is sent: nothing of it lies on disk or in memory. The same files make the same bytes.</summary>
internal sealed class FolderArchive : HttpContent
{
    /// <summary>What a zip file can say of a time.</summary>
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2107, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder;
    private readonly IProgress<long>? _progress;

    /// <param name="progress">Bytes of files that were sent, before compression.</param>
    public FolderArchive(DirectoryInfo folder, IProgress<long>? progress)
    {
        (_folder, _progress) = (folder, progress);
        Headers.ContentType = new MediaTypeHeaderValue("application/zip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The body ends with the archive; the request's stream is the caller's.
        await using var archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        long sent = 0;
        foreach (var file in FilesOf(_folder))
        {
            // Images are compressed already.
            var entry = archive.CreateEntry(NameOf(file), CompressionLevel.Fastest);
            entry.LastWriteTime = TimeOf(file);
            await using var to = await entry.OpenAsync(cancellationToken);
            await using var from = file.OpenRead();
            await from.CopyToAsync(to, cancellationToken);
            _progress?.Report(sent += from.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <summary>In one order, without hidden files.</summary>
    internal static IEnumerable<FileInfo> FilesOf(DirectoryInfo folder)
        => folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, MaxRecursionDepth = 32 })
            .OrderBy(file => file.FullName, StringComparer.Ordinal);

    private string NameOf(FileInfo file) => Path.GetRelativePath(_folder.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/');

    private static DateTimeOffset TimeOf(FileInfo file)
    {
        var written = new DateTimeOffset(file.LastWriteTimeUtc);
        return written < Earliest ? Earliest : written > Latest ? Latest : written;
    }
}
