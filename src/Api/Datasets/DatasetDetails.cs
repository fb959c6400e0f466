using System.Diagnostics.CodeAnalysis;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>A data set with what looking at every image of it shows.</summary>
public sealed record DatasetDetails : DatasetSummary
{
    [SetsRequiredMembers]
    private DatasetDetails(DatasetSummary summary)
        : base(summary)
    {
    }

    /// <summary>Null while it is being made, or when it cannot be.</summary>
    public DatasetInspection? Inspection { get; init; }

    internal static DatasetDetails Of(DatasetSummary summary, DatasetInspection? inspection)
        => new(summary with { Problems = [.. summary.Problems, .. inspection is null ? [] : ProblemsOf(inspection)] }) { Inspection = inspection };

    private static IEnumerable<string> ProblemsOf(DatasetInspection inspection)
    {
        if (inspection.BrokenCount > 0)
        {
            yield return $"{inspection.BrokenCount} files cannot be decoded, '{inspection.Broken[0].File}' for one ({inspection.Broken[0].Reason}); remove or replace them.";
        }

        if (inspection.DuplicateCount > 0)
        {
            yield return $"{inspection.DuplicateCount} images of the validation or test set are in an earlier set too: '{inspection.Duplicates[0].Image}' is '{inspection.Duplicates[0].SameAs}'.";
        }
    }
}
