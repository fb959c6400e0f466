namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>A file that the publisher offers.</summary>
/// <param name="Url">https.</param>
/// <param name="Md5">As published, hexadecimal.</param>
internal sealed record Download(string Url, string Md5)
{
    public string Name => Url[(Url.LastIndexOf('/') + 1)..];
}

/// <summary>What the publisher of a data set offers, and where people put it.</summary>
internal sealed record Publication
{
    /// <summary>As in a spec.</summary>
    public required string Name { get; init; }

    /// <summary>As people say.</summary>
    public required string Title { get; init; }

    /// <summary>Folders below a data root, or below the path that a spec gives, in which the files are looked for; the folder itself comes first.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>False where other data sets have files of the same names: then they are not looked for in a data root itself.</summary>
    public bool HasNamesOfItsOwn { get; init; } = true;

    /// <summary>The files; of several names for one, the first that is there is taken.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Files { get; init; }

    /// <summary>Files that may be there besides.</summary>
    public IReadOnlyList<string> Extras { get; init; } = [];

    /// <summary>The archive that holds the files; null where they are published one by one.</summary>
    public string? Archive { get; init; }

    /// <summary>Whether people also keep it as images, in the folders <c>train/CLASS</c> and <c>test/CLASS</c>.</summary>
    public bool MayBeImages { get; init; }

    public required IReadOnlyList<Download> Downloads { get; init; }

    /// <summary>Files of another edition that cannot be read, and why.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    public string WhyUnreadable { get; init; } = "";

    /// <summary>Classes, in the order of their labels.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Images of each class in the published set.</summary>
    public required IReadOnlyList<int> TrainCounts { get; init; }

    public required IReadOnlyList<int> TestCounts { get; init; }
}
