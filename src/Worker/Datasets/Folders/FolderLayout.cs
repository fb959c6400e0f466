namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Which subfolders hold the parts of a data set. Names are matched without regard to case.</summary>
/// <param name="Train"><c>train</c>; empty where the class folders lie in the data set's folder itself.</param>
/// <param name="Test"><c>test</c>; without one <c>val</c>, <c>valid</c> or <c>validation</c>, as in ImageNet; null where there is none of them.</param>
/// <param name="Unused">A validation folder beside a test folder: validation images are set aside from <paramref name="Train"/>.</param>
internal sealed record FolderLayout(string Train, string? Test, string? Unused)
{
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    public static FolderLayout Of(string root)
    {
        var folders = ClassFolders.NamesOf(root).Order(StringComparer.Ordinal).ToArray();
        if (Find("train") is not { } train) return new FolderLayout("", null, null);
        var validation = ValidationNames.Select(Find).FirstOrDefault(name => name is not null);
        return Find("test") is { } test ? new FolderLayout(train, test, validation) : new FolderLayout(train, validation, null);

        string? Find(string name) => Array.Find(folders, folder => string.Equals(folder, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a folder looks like a data set: <c>train</c>, or itself, has at least two class folders with images.</summary>
    public static bool IsDataset(string root)
    {
        var train = Path.Combine(root, Of(root).Train);
        return ClassFolders.NamesOf(train).Where(name => ClassFolders.HoldsImages(Path.Combine(train, name))).Take(2).Count() == 2;
    }
}
