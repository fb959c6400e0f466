using System.Globalization;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>Checkpoints and weights on disk. A file is complete or absent: written beside its place, flushed, renamed.</summary>
public sealed class ArtifactStore
{
    internal const string TemporaryEnding = ".tmp";

    private const string CheckpointEnding = ".checkpoint";

    private readonly IReadOnlyList<string> _roots;
    private readonly string _storage;
    private readonly IReadOnlyList<string> _internal;

    public ArtifactStore(IOptions<StorageOptions> options)
    {
        Root = Path.Combine(options.Value.AbsoluteRoot, "artifacts");
        Places = [.. options.Value.DataRoots.Select(Path.GetFullPath).Append(Root).Append(options.Value.AbsoluteRoot).SelectMany(place => (string[])[place, RealPath.Of(place)]).Distinct(StringComparer.Ordinal)];
        _roots = [.. options.Value.DataRoots.Prepend(Root).Select(root => RealPath.Of(Path.GetFullPath(root)))];
        _storage = RealPath.Of(options.Value.AbsoluteRoot);
        _internal = [.. new[] { options.Value.UploadRoot, Checkpoints, Weights, Scratch }.Select(RealPath.Of)];
    }

    /// <summary>The folder that a trial's weights path is relative to.</summary>
    public string Root { get; }

    /// <summary>Where <c>file:</c> weights are found, as configured and without links, and the storage root: absolute.</summary>
    public IReadOnlyList<string> Places { get; }

    /// <summary>Where <c>file:</c> weights are found, in the order of the search: absolute, links followed. The first is <see cref="Root"/>.</summary>
    public IReadOnlyList<string> Roots => _roots;

    internal string Checkpoints => Path.Combine(Root, "checkpoints");

    internal string Weights => Path.Combine(Root, "weights");

    internal string Scratch => Path.Combine(Root, "scratch");

    /// <summary>
    /// Absolute path of the checkpoint that one attempt at the trial writes; it need not exist. Each attempt has a file of its own, so that
    /// one which was frozen and wakes up cannot put its older state over that of the attempt which took the trial over.
    /// </summary>
    public string CheckpointPath(Guid trialId, int attempt) => Path.Combine(Checkpoints, string.Create(CultureInfo.InvariantCulture, $"{trialId}.{attempt}{CheckpointEnding}"));

    /// <summary>Absolute path of the checkpoint of the trial's last attempt that left one; null: none did.</summary>
    public string? FindCheckpoint(Guid trialId) => CheckpointsOf(trialId).OrderBy(file => file.Attempt).Select(file => file.Path).LastOrDefault();

    /// <summary>Removes the checkpoints of the trial's attempts before <paramref name="attempt"/>; by default those of all.</summary>
    public void DeleteCheckpoints(Guid trialId, int attempt = int.MaxValue)
    {
        foreach (var file in CheckpointsOf(trialId).Where(file => file.Attempt < attempt).ToList()) File.Delete(file.Path);
    }

    /// <summary>Absolute path where the trial's final backbone goes; it need not exist.</summary>
    public string WeightsPath(Guid jobId, Guid trialId) => Path.Combine(Weights, jobId.ToString(), $"{trialId}.safetensors");

    /// <summary>
    /// Absolute path where one attempt at a finalization leaves the model; it need not exist. Each attempt has a file of its own: one that wakes up late
    /// cannot replace what was announced with its digest.
    /// </summary>
    public string ModelPath(Guid jobId, Guid trialId, int attempt)
        => Path.Combine(Weights, jobId.ToString(), string.Create(CultureInfo.InvariantCulture, $"{trialId}.{attempt}.safetensors"));

    /// <summary>The file that a trial's weights path names, links followed; null: it is not there, or lies outside <see cref="Root"/>.</summary>
    public FileInfo? FindSaved(string relativePath)
    {
        var path = RealPath.Of(Path.GetFullPath(relativePath, _roots[0]));
        return path.StartsWith(_roots[0].TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path)
            ? new FileInfo(path)
            : null;
    }

    /// <summary>Turns <c>file:PATH</c> weights into a path inside the artifact root or a data root, links followed.</summary>
    /// <exception cref="ArgumentException">The path leaves the roots or does not exist; the message says nothing of where they are.</exception>
    public string ResolveWeights(string relativePath)
    {
        foreach (var root in _roots)
        {
            var path = RealPath.Of(Path.GetFullPath(relativePath, root));
            if (IsInsideRoots(path) && File.Exists(path)) return path;
        }
        throw NoSuchWeights(relativePath);
    }

    /// <summary>What is absent, what lies elsewhere, and what belongs to others read the same.</summary>
    public static ArgumentException NoSuchWeights(string relativePath)
        => new($"No weights '{relativePath}' in a data root or among the artifacts; give the path of a file there, relative to the root.");

    /// <summary>The job whose trial saved the file; null: no job's folder holds it.</summary>
    /// <param name="realPath">Absolute, without links.</param>
    public Guid? JobThatSaved(string realPath)
    {
        var folder = Path.Combine(_roots[0], "weights");
        return IsIn(realPath, folder) && Guid.TryParse(Path.GetRelativePath(folder, realPath).Split(Path.DirectorySeparatorChar)[0], out var job) ? job : null;
    }

    /// <summary>
    /// Whether a path is of what the service itself keeps: below the storage root, but neither among the artifacts that somebody put there, nor in a data root inside the storage root.
    /// </summary>
    /// <param name="realPath">Absolute, without links.</param>
    public bool IsInternal(string realPath)
        => _internal.Any(place => IsIn(realPath, place)) || (IsIn(realPath, _storage) && !_roots.Any(root => root != _storage && IsIn(root, _storage) && IsIn(realPath, root)));

    /// <summary>Calls <paramref name="write"/> with a temporary path in the same folder, flushes it to disk, renames it to <paramref name="path"/>.</summary>
    /// <exception cref="IOException">What was there before is still there, and the temporary file is gone.</exception>
    public void WriteAtomically(string path, Action<string> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}{TemporaryEnding}");
        try
        {
            write(temporary);
            DiskFlush.File(temporary);
            File.Move(temporary, path, overwrite: true);
            DiskFlush.Folder(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Moves a file that another process has made, on the same disk, to its place. Nothing is read of it before it is known to be a file.</summary>
    /// <exception cref="IOException">It is not there, empty, or a link.</exception>
    public void TakeOver(string from, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}{TemporaryEnding}");
        File.Move(from, temporary);
        try
        {
            // Judged only now: here that process cannot put another one in its place. A pipe or a device has no length.
            if (new FileInfo(temporary) is not { LinkTarget: null, Length: > 0 }) throw new IOException($"'{Path.GetFileName(path)}' is no file that a trial writes.");
            DiskFlush.File(temporary);
            File.Move(temporary, path, overwrite: true);
            DiskFlush.Folder(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The weights that the job's trials saved, by their real paths.</summary>
    internal IReadOnlyList<FileInfo> FilesOf(Guid jobId)
    {
        var folder = new DirectoryInfo(Path.Combine(_roots[0], "weights", jobId.ToString()));
        return folder.Exists ? [.. folder.EnumerateFiles()] : [];
    }

    /// <summary>Removes all that the job's trials wrote.</summary>
    internal void Delete(Guid jobId, IEnumerable<Guid> trials)
    {
        foreach (var trial in trials) DeleteCheckpoints(trial);
        var weights = Path.Combine(Weights, jobId.ToString());
        if (Directory.Exists(weights)) Directory.Delete(weights, recursive: true);
    }

    private IEnumerable<(string Path, int Attempt)> CheckpointsOf(Guid trialId)
    {
        if (!Directory.Exists(Checkpoints)) yield break;
        foreach (var path in Directory.EnumerateFiles(Checkpoints, $"{trialId}.*{CheckpointEnding}"))
        {
            var number = Path.GetFileName(path)[(trialId.ToString().Length + 1)..^CheckpointEnding.Length];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)) yield return (path, attempt);
        }
    }

    private bool IsInsideRoots(string path) => _roots.Any(root => path != root && IsIn(path, root));

    private static bool IsIn(string path, string folder)
        => $"{path.TrimEnd(Path.DirectorySeparatorChar)}{Path.DirectorySeparatorChar}".StartsWith($"{folder.TrimEnd(Path.DirectorySeparatorChar)}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
}
