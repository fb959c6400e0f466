using System.Diagnostics;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Artifacts;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>A file of weights that somebody put where <c>file:</c> finds it.</summary>
/// <param name="Path">Relative to its root.</param>
public sealed record GivenWeights(string Path, long Bytes, DateTimeOffset ModifiedAt);

/// <param name="Files">Sorted by path.</param>
/// <param name="More">Why not all are there; null: they are.</param>
public sealed record FoundWeights(IReadOnlyList<GivenWeights> Files, string? More);

/// <summary>
/// Looks for files that are named like weights and begin like them, below the roots of <c>file:</c>; folders near a root first. Hidden ones, links to folders, and what the service
/// itself keeps below <c>Storage:Root</c> are left out.
/// </summary>
public sealed class WeightsSearch(ArtifactStore artifacts)
{
    private const int HeadBytes = 16;

    private static readonly string[] Endings = [".safetensors", ".pt", ".pth", ".pth.tar", ".th", ".ckpt", ".bin", ".h5", ".hdf5"];

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    /// <param name="most">Files.</param>
    /// <param name="patience">After which the search ends with what it has found.</param>
    public FoundWeights Find(int most, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var found = new SortedDictionary<string, GivenWeights>(StringComparer.Ordinal);
        foreach (var (root, folder) in Folders())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var file in FilesIn(folder))
            {
                if (Stopwatch.GetElapsedTime(began) >= patience) return new([.. found.Values], $"the search was ended after {patience.TotalSeconds:0} s; a job may name others");
                if (Look(root, file) is not { } weights || !found.TryAdd(weights.Path, weights) || found.Count <= most) continue;
                found.Remove(weights.Path);
                return new([.. found.Values], $"there are more than {most} files; a job may name others");
            }
        }
        return new([.. found.Values], More: null);
    }

    /// <summary>Breadth first, so that a large data set does not stand before a small folder of weights.</summary>
    private IEnumerable<(string Root, DirectoryInfo Folder)> Folders()
    {
        var waiting = new Queue<(string Root, DirectoryInfo Folder)>(artifacts.Roots.Where(root => !artifacts.IsInternal(root)).Select(root => (root, new DirectoryInfo(root))));
        while (waiting.TryDequeue(out var next))
        {
            yield return next;
            foreach (var folder in SubfoldersOf(next.Folder)) waiting.Enqueue((next.Root, folder));
        }
    }

    private IEnumerable<DirectoryInfo> SubfoldersOf(DirectoryInfo folder)
        => Entries(folder, static (of, options) => of.EnumerateDirectories("*", options)).Where(sub => sub.LinkTarget is null && !IgnoredFiles.IsFolder(sub.Name) && !artifacts.IsInternal(sub.FullName));

    private static IEnumerable<FileInfo> FilesIn(DirectoryInfo folder) => Entries(folder, static (of, options) => of.EnumerateFiles("*", options));

    /// <summary>Of a folder that cannot be read, or goes meanwhile, none.</summary>
    private static IEnumerable<T> Entries<T>(DirectoryInfo folder, Func<DirectoryInfo, EnumerationOptions, IEnumerable<T>> enumerate)
    {
        try
        {
            return [.. enumerate(folder, Everything)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Null: it is none, or a job that names it would be told so.</summary>
    private GivenWeights? Look(string root, FileInfo file)
    {
        if (IgnoredFiles.IsFile(file.Name) || !Endings.Any(ending => file.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) return null;
        try
        {
            var path = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            // What a job would get, links followed: a file of another root may come first under this name.
            var real = artifacts.ResolveWeights(path);
            if (artifacts.IsInternal(real) || !WeightsFile.BeginsLikeWeights(HeadOf(real))) return null;
            var info = new FileInfo(real);
            return new(path, info.Length, new(info.LastWriteTimeUtc, TimeSpan.Zero));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] HeadOf(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[HeadBytes];
        return head[..file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
    }
}
