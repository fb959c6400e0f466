using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>A data set that was uploaded.</summary>
public sealed record UploadResponse
{
    public required string Name { get; init; }

    /// <summary>What a job takes as its <c>dataset</c>.</summary>
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

    /// <exception cref="DatasetException">It was deleted meanwhile.</exception>
    internal static UploadResponse Of(UploadedDataset dataset, IDatasetCatalogue catalogue)
    {
        var info = catalogue.Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = dataset.Name });
        return new UploadResponse
        {
            Name = dataset.Name,
            Spec = info.Spec,
            Classes = info.Classes,
            Images = dataset.Images,
            Bytes = dataset.Bytes,
            Problems = [.. LeftOut(dataset), .. info.Remarks],
            ArchiveHash = dataset.ArchiveHash,
        };
    }

    internal static IEnumerable<string> LeftOut(UploadedDataset dataset)
    {
        if (dataset.LeftOutCount == 0) yield break;
        var more = dataset.LeftOutCount > dataset.LeftOut.Count ? $" and {dataset.LeftOutCount - dataset.LeftOut.Count} more" : "";
        yield return $"{(dataset.LeftOutCount == 1 ? "1 file of the archive is no image and was" : $"{dataset.LeftOutCount} files of the archive are no images and were")} left out: "
            + $"{string.Join(", ", dataset.LeftOut.Select(name => $"'{name}'"))}{more}.";
    }
}
