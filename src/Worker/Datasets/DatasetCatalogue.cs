using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Kinds;
using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>What can be used: <see cref="IDatasetKind"/> says what there is.</summary>
/// <param name="downloads">Null: a published data set that is not on this machine is an error.</param>
public sealed class DatasetCatalogue(IOptions<DatasetOptions> options, TimeProvider time, ILogger<DatasetCatalogue> logger, PublishedDownloads? downloads = null) : IDatasetCatalogue
{
    private readonly DatasetKinds kinds = new();
    private readonly ToldDatasets told = new(options.Value.ToldPaths);
    private readonly DatasetContext context = new(options.Value, downloads, time, logger);

    /// <inheritdoc/>
    public IReadOnlyList<DatasetKind> Kinds => [.. kinds.All.Select(kind => kind.Info)];

    /// <inheritdoc/>
    public IReadOnlyList<DatasetInfo> List() => [.. kinds.All.SelectMany(ListOf)];

    /// <inheritdoc/>
    public IReadOnlyList<DatasetInfo> ListOf(string kind) => [.. kinds.All.Where(k => string.Equals(k.Info.Name, kind, StringComparison.Ordinal)).SelectMany(ListOf)];

    /// <inheritdoc/>
    public DatasetInfo Inspect(DatasetSpec spec) => Inspect(kinds.Of(spec.Name), spec);

    private DatasetInfo Inspect(IDatasetKind kind, DatasetSpec spec) => told.Told(() => told.Of(kind.Inspect(spec, context, CancellationToken.None)));

    private IEnumerable<DatasetInfo> ListOf(IDatasetKind kind) => kind.Find(context).Select(spec => InspectOrTell(kind, spec));

    /// <summary>A set that is there and cannot be used is in the list, with what is wrong with it.</summary>
    private DatasetInfo InspectOrTell(IDatasetKind kind, DatasetSpec spec)
    {
        try
        {
            return Inspect(kind, spec);
        }
        catch (DatasetException e)
        {
            return DatasetInfo.Unusable(spec, e.Message);
        }
    }
}
