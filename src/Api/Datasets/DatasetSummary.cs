using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>What a quick look at a data set tells.</summary>
public record DatasetSummary
{
    /// <summary>Unique; of a folder its path below the data root.</summary>
    public required string Name { get; init; }

    /// <summary>What a job takes as its <c>dataset</c>.</summary>
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

    internal static DatasetSummary Of(NamedDataset dataset, UploadedFolders uploads)
    {
        var info = dataset.Info;
        var uploaded = uploads.Find(info.Spec);
        return new DatasetSummary
        {
            Name = dataset.Name,
            Spec = info.Spec,
            IsUploaded = uploaded is not null,
            IsUsable = info.Fault is null,
            Classes = info.Classes,
            TrainImages = info.TrainImages,
            ValidationImages = info.ValidationImages,
            TestImages = info.TestImages,
            ClassBalance = BalanceOf([.. info.Classes.Select(c => c.Train)]),
            Problems = [.. uploaded is null ? [] : UploadResponse.LeftOut(uploaded), .. info.Remarks],
        };
    }

    internal static double BalanceOf(IReadOnlyList<int> counts)
    {
        double total = counts.Sum();
        return counts.Count < 2 || total == 0 ? 1 : counts.Where(n => n > 0).Sum(n => -n / total * Math.Log(n / total)) / Math.Log(counts.Count);
    }
}
