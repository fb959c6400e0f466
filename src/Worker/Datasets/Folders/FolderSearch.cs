using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>
/// Looks for image folders by the rule by which a path is read: a folder that a path may name is found, and so is one that is a data set and cannot be used as it lies there.
/// </summary>
internal static class FolderSearch
{
    /// <summary>How far below a root data sets are looked for: as deep as folders are looked at.</summary>
    private const int Depth = FolderNode.MostLevels;

    /// <summary>Real paths, each once.</summary>
    public static IEnumerable<string> Below(DataRoots roots) => roots.Paths.Where(Directory.Exists).SelectMany(root => In(FolderNode.Of(root, roots), roots, Depth)).Distinct(StringComparer.Ordinal);

    /// <summary>Whether a folder is among <see cref="Below"/>, without looking at others.</summary>
    /// <param name="folder">Absolute.</param>
    public static bool Finds(DataRoots roots, string folder) => roots.Paths.Any(root => Leads(root, folder, roots));

    private static bool Leads(string root, string folder, DataRoots roots)
    {
        var relative = Path.GetRelativePath(root, folder);
        string[] names = relative == "." ? [] : relative.Split(Path.DirectorySeparatorChar);
        // Hidden ones are not looked at, and ".." is outside.
        if (names.Length > Depth || names.Any(name => IgnoredFiles.IsFolder(name))) return false;
        var at = root;
        foreach (var name in names)
        {
            if (!Directory.Exists(at) || IsOneItself(FolderNode.Of(at, roots), roots)) return false;
            at = Path.Combine(at, name);
            if (new DirectoryInfo(at) is not { Exists: true, LinkTarget: null }) return false;
        }
        return Directory.Exists(at) && IsOneItself(FolderNode.Of(at, roots), roots);
    }

    /// <summary>Data sets at or below a folder; what lies inside one is not looked at. Links are left out: they would list a data set twice.</summary>
    private static IEnumerable<string> In(FolderNode folder, DataRoots roots, int depth)
    {
        if (IsOneItself(folder, roots)) return [folder.FullPath];
        if (depth == 0) return [];
        return Subfolders(folder).Where(path => new DirectoryInfo(path).LinkTarget is null).SelectMany(path => In(FolderNode.Of(path, roots), roots, depth - 1));
    }

    private static IReadOnlyList<string> Subfolders(FolderNode folder)
    {
        try
        {
            return [.. folder.Subfolders.Select(sub => sub.FullPath)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatasetException)
        {
            return [];
        }
    }

    /// <summary>
    /// A data set, usable or not. One that lies in the only folder inside this one is found there, where another may join it; but an upload goes by its own name.
    /// A data root is there to hold data sets: it is none that cannot be used.
    /// </summary>
    private static bool IsOneItself(FolderNode folder, DataRoots roots)
    {
        try
        {
            return IsHere(LayoutReader.Read(folder, wanted: null).Level.FullPath);
        }
        catch (LayoutException e)
        {
            return roots.IsUpload(folder.FullPath) || (e.Fault == LayoutFault.Unusable && !folder.IsDataRoot && IsHere(e.Level));
        }
        catch (DatasetException)
        {
            return !folder.IsDataRoot; // A link in it leads out.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Whatever of it can be read is found below.
        }

        bool IsHere(string level) => level == folder.FullPath || roots.IsUpload(folder.FullPath) || folder.Filled.Count > 1;
    }
}
