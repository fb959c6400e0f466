using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>The folders that may be read. Symbolic links are followed to their end before a path is judged.</summary>
internal sealed class DataRoots
{
    private readonly string[] roots;
    private readonly string? uploads;

    /// <param name="uploads">The root of those that holds uploaded data sets; null: none does.</param>
    public DataRoots(IEnumerable<string> roots, string? uploads = null)
    {
        this.roots = [.. roots.Select(root => RealPath.Of(Path.GetFullPath(root)))];
        this.uploads = uploads is null ? null : RealPath.Of(Path.GetFullPath(uploads));
    }

    /// <summary>Absolute, without links.</summary>
    public IReadOnlyList<string> Paths => roots;

    /// <summary>The real path of a folder inside a root.</summary>
    /// <exception cref="DatasetException">There is none. What lies outside the roots and what is absent read the same: nobody learns what else the machine holds.</exception>
    public string Resolve(string path)
    {
        if (roots.Length == 0) throw new DatasetException("path", "No data root is configured; name one in Storage:DataRoots.");
        if (path.Contains('\0', StringComparison.Ordinal)) throw NotFound(path.Replace("\0", "\\0", StringComparison.Ordinal));
        return Find(path) ?? throw NotFound(path);
    }

    /// <summary>As <see cref="Resolve"/>, but null where there is none.</summary>
    public string? Find(string path)
    {
        foreach (var root in roots)
        {
            var candidate = Path.GetFullPath(path, root);
            if (Directory.Exists(candidate) && RealPath.Of(candidate) is var real && Contains(real)) return real;
        }
        return null;
    }

    /// <summary>Whether a real path is that of an uploaded data set, which goes by its own name whatever lies in it.</summary>
    public bool IsUpload(string realPath) => uploads is not null && string.Equals(Path.GetDirectoryName(realPath), uploads, StringComparison.Ordinal);

    /// <summary>Whether no list shows what lies at a real path, since a folder on the way is hidden. An upload that is being judged is.</summary>
    public bool IsHidden(string realPath) => !IsUpload(realPath)
        && !roots.Any(root => IsInside(realPath, root) && !Path.GetRelativePath(root, realPath).Split(Path.DirectorySeparatorChar).Any(part => part != "." && IgnoredFiles.IsFolder(part)));

    /// <summary>The roots, for a message, which says nothing of where they are.</summary>
    public string Description => roots.Length == 0 ? "the data roots (none is configured: name one in Storage:DataRoots)" : "the data roots";

    /// <summary>Whether a real path lies in a root.</summary>
    public bool Contains(string realPath) => roots.Any(root => IsInside(realPath, root));

    private static bool IsInside(string path, string root)
        => path.StartsWith(root, StringComparison.Ordinal)
            && (path.Length == root.Length || Path.EndsInDirectorySeparator(root) || path[root.Length] == Path.DirectorySeparatorChar);

    private DatasetException NotFound(string path)
        => new("path", $"There is no folder '{path}' inside {Description}.");
}
