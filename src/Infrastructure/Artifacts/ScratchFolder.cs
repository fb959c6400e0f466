using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>
/// A folder below the artifacts, on their disk, for a process that may write nowhere else. It is gone after disposal; what a killed process leaves the next one that
/// makes such a folder removes.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private const string LockEnding = ".lock";

    private readonly IDisposable ours;

    private ScratchFolder(string path, IDisposable ours)
    {
        Path = path;
        this.ours = ours;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <exception cref="IOException">It cannot be made.</exception>
    public static ScratchFolder Create(ArtifactStore artifacts)
    {
        var parent = artifacts.Scratch;
        Directory.CreateDirectory(parent);
        foreach (var left in Directory.EnumerateFiles(parent, $"*{LockEnding}")) RemoveIfLeft(left);
        var path = System.IO.Path.Combine(parent, Guid.NewGuid().ToString("N"));
        // The lock comes first: nobody takes the folder for one that was left.
        var held = FileLock.TryAcquire(path + LockEnding) ?? throw new IOException($"'{path}' is in use.");
        Directory.CreateDirectory(path);
        return new(path, held);
    }

    /// <summary>A folder in it, made now.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            File.Delete(Path + LockEnding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one removes it.
        }
        ours.Dispose();
    }

    private static void RemoveIfLeft(string path)
    {
        try
        {
            using var held = FileLock.TryAcquireExisting(path);
            if (held is null) return;
            var folder = path[..^LockEnding.Length];
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is at it, or it is not ours to delete.
        }
    }
}
