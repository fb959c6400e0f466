namespace NeuralCapacitance.Client.Models;

/// <summary>What a quick look at a data set tells.</summary>
public record Dataset : WireObject
{
    /// <summary>Unique; of a folder its path below the data root.</summary>
    public required string Name { get; init; }

    public required DatasetSpec Spec { get; init; }

    /// <summary>Whether it was uploaded, and can be deleted.</summary>
    public required bool IsUploaded { get; init; }

    /// <summary>Whether a job can use it. If not, the first of the problems says why, and there are no counts.</summary>
    public required bool IsUsable { get; init; }

    public required IReadOnlyList<ClassCount> Classes { get; init; }

    public required int TrainImages { get; init; }

    /// <summary>Images of a validation set of its own; 0: validation images are set aside from the training images.</summary>
    public required int ValidationImages { get; init; }

    public required int TestImages { get; init; }

    /// <summary>Entropy of the classes among the training images, divided by its largest value: 1 where all are equally frequent, near 0 where one is nearly all.</summary>
    public required double ClassBalance { get; init; }

    /// <summary>What a user should know: an empty class, files that are no images, a missing test set.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>A data set with what looking at every image of it shows.</summary>
public sealed record DatasetDetails : Dataset
{
    /// <summary>Null: it is still being looked at.</summary>
    public DatasetInspection? Inspection { get; init; }
}

/// <summary>Images of one class.</summary>
public sealed record ClassCount : WireObject
{
    public required string Class { get; init; }

    /// <summary>Those that validation images are set aside from included.</summary>
    public required int Train { get; init; }

    public required int Test { get; init; }

    /// <summary>Of the validation set that the data set brings; 0 where it brings none.</summary>
    public required int Validation { get; init; }
}

public sealed record DatasetInspection : WireObject
{
    public required string Hash { get; init; }

    public required string Version { get; init; }

    public SideRange? Width { get; init; }

    public SideRange? Height { get; init; }

    public required IReadOnlyList<BrokenFile> Broken { get; init; }

    public required int BrokenCount { get; init; }

    public required IReadOnlyList<DuplicateImage> Duplicates { get; init; }

    public required int DuplicateCount { get; init; }
}

public sealed record SideRange : WireObject
{
    public required int Min { get; init; }

    public required int Median { get; init; }

    public required int Max { get; init; }
}

public sealed record BrokenFile : WireObject
{
    public required string File { get; init; }

    public required string Reason { get; init; }
}

public sealed record DuplicateImage : WireObject
{
    public required string Image { get; init; }

    public required string SameAs { get; init; }
}
