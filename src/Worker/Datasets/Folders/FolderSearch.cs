namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Looks for image folders.</summary>
internal static class FolderSearch
{
    /// <summary>How far below a root data sets are looked for.</summary>
    private const int Depth = 3;

    /// <summary>Real paths, each once.</summary>
    public static IEnumerable<string> Below(DataRoots roots) => roots.Paths.SelectMany(root => In(root, Depth)).Distinct(StringComparer.Ordinal);

    /// <summary>Whether a folder is among <see cref="Below"/>, without looking at others.</summary>
    /// <param name="folder">Absolute.</param>
    public static bool Finds(DataRoots roots, string folder)
    {
        try
        {
            return roots.Paths.Any(root => Leads(root, folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Leads(string root, string folder)
    {
        var relative = Path.GetRelativePath(root, folder);
        string[] names = relative == "." ? [] : relative.Split(Path.DirectorySeparatorChar);
        // Hidden ones are not looked at, and ".." is outside.
        if (names.Length > Depth || names.Any(name => name.StartsWith('.'))) return false;
        var at = root;
        foreach (var name in names)
        {
            if (FolderLayout.IsDataset(at)) return false;
            at = Path.Combine(at, name);
            if (new DirectoryInfo(at) is not { Exists: true, LinkTarget: null }) return false;
        }
        return FolderLayout.IsDataset(at);
    }

    /// <summary>Data sets at or below a folder; what lies inside one is not looked at. Links are left out: they would list a data set twice.</summary>
    private static IEnumerable<string> In(string folder, int depth)
    {
        string[] below;
        try
        {
            if (FolderLayout.IsDataset(folder)) return [folder];
            if (depth == 0) return [];
            below = [.. ClassFolders.NamesOf(folder).Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return below.Where(path => new DirectoryInfo(path).LinkTarget is null).SelectMany(path => In(path, depth - 1));
    }
}
