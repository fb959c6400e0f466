namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Where the classes of a data set lie.</summary>
/// <param name="Train">The folder that holds the class folders of the training images: the data set's own, or one inside <c>train</c>.</param>
/// <param name="Classes">Its class folders, empty ones too.</param>
internal sealed record FolderLayout(FolderNode Train, IReadOnlyList<FolderNode> Classes)
{
    /// <summary>The folder that holds the parts, or the class folders where there are none: the data set's own, or the one inside it that holds everything.</summary>
    public required FolderNode Level { get; init; }

    /// <summary>What its authors call the training part; null where the class folders lie in no part.</summary>
    public string? TrainName { get; init; }

    /// <summary>Null where there is none.</summary>
    public PartFolder? Validation { get; init; }

    public PartFolder? Test { get; init; }

    /// <summary>Folders on the way to the class folders: files that lie directly in them belong to no class.</summary>
    public IReadOnlyList<FolderNode> Passed { get; init; } = [];

    /// <summary>What a user should know: folders that are not read, and why; what a name was taken for.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A validation or test part.</summary>
/// <param name="Name">Of its folder, as it lies beside the training part.</param>
/// <param name="Classes">The class folders in it, empty ones too.</param>
internal sealed record PartFolder(string Name, FolderNode Root, IReadOnlyList<FolderNode> Classes);
