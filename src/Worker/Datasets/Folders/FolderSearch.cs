namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Looks for image folders.</summary>
internal static class FolderSearch
{
    /// <summary>How far below a root data sets are looked for.</summary>
    private const int Depth = 3;

    /// <summary>Real paths, each once.</summary>
    public static IEnumerable<string> Below(DataRoots roots) => roots.Paths.SelectMany(root => In(root, Depth)).Distinct(StringComparer.Ordinal);

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
