namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>A published file, and where it goes.</summary>
public sealed record DownloadRequest
{
    /// <summary>https; plain http to this machine only.</summary>
    public required Uri Url { get; init; }

    /// <summary>Absolute path of the file. <c>NAME.partial</c> and <c>NAME.lock</c> beside it are the download's.</summary>
    public required string Path { get; init; }

    public required Checksum Checksum { get; init; }

    /// <summary>In bytes, if published.</summary>
    public long? Size { get; init; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}

/// <summary>How far a download has come.</summary>
/// <param name="Bytes">On disk, those of earlier attempts included.</param>
/// <param name="Total">Null: neither published nor announced by the server.</param>
public sealed record DownloadProgress(long Bytes, long? Total);
