using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>
/// Keeps the cache's files within a number of bytes. Those not used for longest go first. A file goes only under its own lock, so
/// that nobody makes it meanwhile, and only if nobody, in this or another process, has it open.
/// </summary>
/// <param name="limit">0: no limit.</param>
internal sealed partial class CacheEviction(string root, long limit, ILogger logger)
{
    private const string Complete = "*.images";
    private const string Unfinished = "*.images.partial";

    /// <summary>Deletes files until one of so many bytes can be added, or no more can go: the limit gives way to what is in use.</summary>
    /// <param name="path">Of the file to add, whose lock the caller holds.</param>
    /// <exception cref="DatasetException">The file alone is larger than the limit.</exception>
    public void MakeRoom(string path, long bytes)
    {
        if (limit == 0) return;
        if (bytes > limit)
        {
            throw new DatasetException(
                "name",
                $"Decoded, the images take {bytes:N0} bytes; Datasets:CacheLimit allows {limit:N0}. Raise it, lower training.imageSize, or use fewer classes.");
        }
        var folder = new DirectoryInfo(root);
        foreach (var remains in folder.EnumerateFiles(Unfinished).Where(file => file.FullName != $"{path}.partial")) TryDelete(remains, remains.FullName[..^".partial".Length]);

        var files = folder.EnumerateFiles(Complete).Where(file => file.FullName != path).OrderBy(file => file.LastWriteTimeUtc).ToArray();
        var taken = files.Concat(folder.EnumerateFiles(Unfinished)).Sum(LengthOf);
        foreach (var file in files)
        {
            if (taken + bytes <= limit) return;
            var length = LengthOf(file);
            if (!TryDelete(file, file.FullName)) continue;
            taken -= length;
            LogEvicted(file.Name, length);
        }
        if (taken + bytes > limit) LogOverLimit(taken + bytes, limit);
    }

    /// <param name="guarded">The complete file, beside which the lock lies.</param>
    private static bool TryDelete(FileInfo file, string guarded)
    {
        try
        {
            using var making = FileLock.TryAcquire($"{guarded}.lock");
            if (making is null) return false;
            using var reading = FileLock.TryAcquireExisting(file.FullName);
            if (reading is null) return false;
            file.Delete();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>0 where it has gone since it was listed.</summary>
    private static long LengthOf(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Removed {File}, {Bytes} bytes, from the cache to make room")]
    private partial void LogEvicted(string file, long bytes);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "The cache takes {Bytes} bytes, more than Datasets:CacheLimit ({Limit}): all other files are in use")]
    private partial void LogOverLimit(long bytes, long limit);
}
