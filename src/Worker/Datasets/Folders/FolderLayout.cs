namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Which subfolders hold the parts of a data set. Names are matched without regard to case.</summary>
/// <param name="Train"><c>train</c>; empty where the class folders lie in the data set's folder itself.</param>
/// <param name="Validation"><c>val</c>, <c>valid</c> or <c>validation</c> beside <c>train</c>; null where there is none.</param>
/// <param name="Test"><c>test</c> beside <c>train</c>; null where there is none.</param>
internal sealed record FolderLayout(string Train, string? Validation, string? Test)
{
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    public static FolderLayout Of(string root)
    {
        var folders = ClassFolders.NamesOf(root).Order(StringComparer.Ordinal).ToArray();
        if (Find("train") is not { } train) return new FolderLayout("", null, null);
        return new FolderLayout(train, ValidationNames.Select(Find).FirstOrDefault(name => name is not null), Find("test"));

        string? Find(string name) => Array.Find(folders, folder => string.Equals(folder, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A subfolder that is a data set of its own: its <c>train</c> would be taken for images of one class.</summary>
    public static string? DatasetAmong(string root)
        => ClassFolders.NamesOf(root).Order(StringComparer.Ordinal).FirstOrDefault(name => Of(Path.Combine(root, name)).Train.Length > 0);

    /// <summary>Whether a folder looks like a data set: <c>train</c>, or itself, has at least two class folders with images.</summary>
    public static bool IsDataset(string root)
    {
        var train = Path.Combine(root, Of(root).Train);
        return ClassFolders.NamesOf(train).Where(name => ClassFolders.HoldsImages(Path.Combine(train, name))).Take(2).Count() == 2;
    }
}
