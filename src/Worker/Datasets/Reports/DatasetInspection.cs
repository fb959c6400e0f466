using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <param name="Min">Pixels.</param>
/// <param name="Median">Half of the images have at most so many.</param>
public sealed record SideRange(int Min, int Median, int Max)
{
    /// <summary>Null: of no image.</summary>
    internal static SideRange? Of(IEnumerable<int> sides)
    {
        int[] sorted = [.. sides.Order()];
        return sorted.Length == 0 ? null : new SideRange(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }
}

/// <param name="File">Relative to the data set's folder.</param>
/// <param name="Reason">The decoder's words.</param>
public sealed record BrokenFile(string File, string Reason)
{
    public override string ToString() => $"'{File}' ({Reason})";
}

/// <summary>An image of the validation or test set that the training or validation set has as well: what is tested was learnt.</summary>
/// <param name="Image">Path of the file relative to the data set's folder, or <c>test[12]</c> where images are no files.</param>
/// <param name="SameAs">The earlier one.</param>
public sealed record DuplicateImage(string Image, string SameAs);

/// <summary>What reading and decoding every image of a data set shows.</summary>
public sealed record DatasetInspection
{
    /// <summary>SHA-256 over classes, order and content, hexadecimal; a trial's data set hash is the same.</summary>
    public required string Hash { get; init; }

    /// <summary>Changes with the hash, and with the names of files.</summary>
    public required string Version { get; init; }

    /// <summary>Of files, and of data sets whose images all have one size; null for generated ones.</summary>
    public SideRange? Width { get; init; }

    public SideRange? Height { get; init; }

    /// <summary>Files that cannot be decoded, the first twenty. A job is refused its data set until they are gone, unless it skips them.</summary>
    public required IReadOnlyList<BrokenFile> Broken { get; init; }

    public required int BrokenCount { get; init; }

    /// <summary>The first twenty.</summary>
    public required IReadOnlyList<DuplicateImage> Duplicates { get; init; }

    public required int DuplicateCount { get; init; }

    /// <summary>What a user should know about images that are in two parts; null: none is.</summary>
    internal string? SharedImages => DuplicateCount == 0
        ? null
        : $"{(DuplicateCount == 1 ? "1 image of the validation or test set is" : $"{DuplicateCount} images of the validation or test set are")} in an earlier set too: '{Duplicates[0].Image}' is '{Duplicates[0].SameAs}'.";

    /// <summary>What a user should know.</summary>
    public IEnumerable<string> Problems()
    {
        if (BrokenCount > 0) yield return $"{new BrokenFiles(BrokenCount, [.. Broken.Select(file => file.ToString())])}. Remove or replace them, or say in a job's dataset what becomes of them (onBrokenImage).";
        if (SharedImages is { } shared) yield return shared;
    }
}
