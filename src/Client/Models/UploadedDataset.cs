namespace NeuralCapacitance.Client.Models;

/// <summary>A data set that was uploaded.</summary>
public sealed record UploadedDataset : WireObject
{
    public required string Name { get; init; }

    public required DatasetSpec Spec { get; init; }

    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>Files that were kept.</summary>
    public required int Images { get; init; }

    /// <summary>Of those.</summary>
    public required long Bytes { get; init; }

    /// <summary>What was left out, and what a look at the folders shows.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>SHA-256 of the archive, hexadecimal.</summary>
    public required string ArchiveHash { get; init; }
}
