using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>
/// A folder of what was found out about data sets. However many ask at once for the same report, one of this process makes it. Each file ends with the SHA-256
/// of what comes before: one that is damaged is made again.
/// </summary>
/// <param name="most">So many are kept: the last used.</param>
internal sealed partial class ReportStore(string folder, int most, TimeProvider time, ILogger logger)
{
    private const string LockName = "reports.lock";

    private readonly ConcurrentDictionary<string, Lazy<byte[]>> making = new(StringComparer.Ordinal);

    /// <summary>The report of this name, made now if it is not there; nobody's cancellation may reach <paramref name="make"/>, since others wait for it too.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public byte[] Of(string name, Func<byte[]> make)
    {
        var report = making.GetOrAdd(name, _ => new Lazy<byte[]>(() => Find(name) ?? Keep(name, make())));
        try
        {
            return report.Value;
        }
        finally
        {
            making.TryRemove(KeyValuePair.Create(name, report));
        }
    }

    /// <summary>Null: it is not there, or damaged.</summary>
    public byte[]? Find(string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            var bytes = File.ReadAllBytes(path);
            var content = bytes.AsSpan(0, Math.Max(0, bytes.Length - SHA256.HashSizeInBytes));
            // After a power failure, for one, the file may be there without its content.
            if (!bytes.AsSpan(content.Length).SequenceEqual(SHA256.HashData(content)))
            {
                LogDamaged(path);
                return null;
            }
            LastUse.Note(path, time);
            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // Not made yet, or another process has just made room.
        }
    }

    private byte[] Keep(string name, byte[] bytes)
    {
        Directory.CreateDirectory(folder);
        using var alone = FileLock.Acquire(Path.Combine(folder, LockName), CancellationToken.None);
        // Who writes holds the lock: these are of killed processes.
        foreach (var remains in Directory.GetFiles(folder, "*.partial")) File.Delete(remains);
        var path = Path.Combine(folder, name);
        var partial = $"{path}.partial";
        File.WriteAllBytes(partial, [.. bytes, .. SHA256.HashData(bytes)]);
        LastUse.Note(partial, time);
        File.Move(partial, path, overwrite: true);
        var reports = new DirectoryInfo(folder).GetFiles().Where(file => !string.Equals(file.Name, LockName, StringComparison.Ordinal));
        foreach (var old in reports.OrderByDescending(file => file.LastWriteTimeUtc).Skip(most)) old.Delete();
        return bytes;
    }

    [LoggerMessage(EventId = 2110, Level = LogLevel.Warning, Message = "{File} is damaged, and is made again")]
    private partial void LogDamaged(string file);
}
