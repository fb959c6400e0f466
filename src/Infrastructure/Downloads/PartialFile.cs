using System.Globalization;
using System.Net.Http.Headers;
using NeuralCapacitance.Infrastructure.Artifacts;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>
/// What has come of a file so far (<c>NAME.partial</c>), and which version of it on the server that is (<c>NAME.partial.version</c>: the URL,
/// and an ETag or a date). Survives the process. The caller holds the file's lock.
/// </summary>
internal sealed class PartialFile(DownloadRequest request)
{
    private readonly string _path = request.Path + ".partial";
    private readonly string _versionPath = request.Path + ".partial.version";

    public string Path => _path;

    /// <summary>In bytes; 0 if there is none.</summary>
    public long Length => new FileInfo(_path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Whether bytes of more than one answer are in it.</summary>
    public bool IsPieced { get; private set; }

    /// <summary>For <c>If-Range</c>: the version that the bytes are of. Null: they cannot be continued.</summary>
    public RangeConditionHeaderValue? Version
    {
        get
        {
            if (Length == 0 || !File.Exists(_versionPath)) return null;
            if (File.ReadAllLines(_versionPath) is not [var url, var version] || !string.Equals(url, request.Url.AbsoluteUri, StringComparison.Ordinal)) return null;
            return RangeConditionHeaderValue.TryParse(version, out var condition) ? condition : null;
        }
    }

    /// <summary>Empties it for the first byte of an answer.</summary>
    public FileStream Begin(HttpResponseMessage response)
    {
        IsPieced = false;
        File.Delete(_versionPath);
        var stream = Open(FileMode.Create);
        if (VersionOf(response) is { } version) File.WriteAllLines(_versionPath, [request.Url.AbsoluteUri, version]);
        return stream;
    }

    /// <summary>Opens it for what follows the bytes that are there.</summary>
    public FileStream Continue()
    {
        IsPieced = true;
        return Open(FileMode.Append);
    }

    public void Discard()
    {
        File.Delete(_path);
        File.Delete(_versionPath);
    }

    /// <summary>Makes it the file. It was flushed when it was written.</summary>
    public void Complete()
    {
        File.Move(_path, request.Path, overwrite: true);
        File.Delete(_versionPath);
        DiskFlush.Folder(request.Folder);
    }

    private FileStream Open(FileMode mode) => new(_path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);

    /// <summary>A weak ETag promises no equal bytes, and <c>If-Range</c> refuses it.</summary>
    private static string? VersionOf(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag
        ? tag.ToString()
        : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);
}
