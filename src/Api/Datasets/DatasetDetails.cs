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

    /// <summary>What the summary knows of the inspection already is not said twice.</summary>
    internal static DatasetDetails Of(DatasetSummary summary, DatasetInspection? inspection)
        => new(summary with { Problems = inspection is null ? summary.Problems : [.. summary.Problems.Where(problem => !Says(problem, inspection)).Union(inspection.Problems())] }) { Inspection = inspection };

    private static bool Says(string problem, DatasetInspection inspection)
        => inspection.Problems().Any(said => said.StartsWith(problem.TrimEnd('.'), StringComparison.Ordinal));
}
