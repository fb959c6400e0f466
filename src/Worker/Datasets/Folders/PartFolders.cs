namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>The folders in a folder that are named as parts of a data set.</summary>
internal sealed class PartFolders
{
    private readonly List<(FolderNode Folder, PartName Name)> named = [];

    public PartFolders(FolderNode folder)
    {
        var all = folder.Subfolders.Select(sub => (Folder: sub, Name: PartName.Of(sub.Name)!)).Where(sub => sub.Name is not null).ToList();
        foreach (var sub in all)
        {
            // seg_train is a part because of seg_test, and train_cats none if there is no test_cats.
            if (sub.Name.IsPlain || all.Exists(other => other.Name.Part != sub.Name.Part && other.Name.Affix == sub.Name.Affix)) named.Add(sub);
        }
    }

    public IEnumerable<FolderNode> All => named.Select(part => part.Folder);

    public IEnumerable<(FolderNode Folder, PartName Name)> Named => named;

    /// <summary>Training parts with class folders.</summary>
    public IReadOnlyList<FolderNode> Train => [.. named.Where(part => part.Name.Part == Part.Train && ClassLevel.Of(part.Folder) is not null).OrderBy(part => part.Name.IsPlain ? 0 : 1).Select(part => part.Folder)];

    /// <summary>Whether a folder is a data set in parts, itself or the one folder inside it.</summary>
    public static bool IsDataset(FolderNode folder)
    {
        for (FolderNode? at = folder; at is not null; at = ClassLevel.Inner(at))
        {
            if (new PartFolders(at).Train.Count > 0) return true;
        }
        return false;
    }

    /// <summary>Whether its only subfolders with images are parts that hold them directly: a class that is split inside.</summary>
    public static bool IsSplitClass(FolderNode folder)
        => folder is { HasImages: false, Filled.Count: >= 2 } && new PartFolders(folder) is var parts && folder.Filled.All(sub => parts.All.Contains(sub) && ClassLevel.Of(sub) is null);
}
