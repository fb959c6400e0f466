using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>Uploaded data sets belong to who uploaded them, and are shown as <see cref="Isolation"/> says. What lies in a data root is everybody's.</summary>
internal sealed class DatasetAccess(UploadedFolders folders, IDatasetCatalogue catalogue, IOptions<AccessOptions> options)
{
    public bool IsShown(DatasetSpec spec, Caller caller)
        => caller.Only(options.Value.Isolation) is null || folders.Read(spec) is not { } upload || Sees(upload, caller);

    public bool Sees(UploadedDataset upload, Caller caller) => caller.Sees(upload.Owner, options.Value.Isolation);

    /// <summary>The catalogue as the caller may know it: what is not shown reads as what is not there.</summary>
    public IDatasetCatalogue For(Caller caller) => caller.Only(options.Value.Isolation) is null ? catalogue : new ShownDatasets(catalogue, spec => IsShown(spec, caller));

    private sealed class ShownDatasets(IDatasetCatalogue all, Func<DatasetSpec, bool> isShown) : IDatasetCatalogue
    {
        public IReadOnlyList<DatasetKind> Kinds => all.Kinds;

        public IReadOnlyList<DatasetInfo> List() => [.. all.List().Where(info => isShown(info.Spec))];

        public IReadOnlyList<DatasetInfo> ListOf(string kind) => [.. all.ListOf(kind).Where(info => isShown(info.Spec))];

        public DatasetInfo Inspect(DatasetSpec spec)
        {
            if (isShown(spec)) return all.Inspect(spec);
            var absent = Guid.NewGuid().ToString();
            try
            {
                return all.Inspect(spec with { Path = absent });
            }
            catch (DatasetException e)
            {
                throw new DatasetException(e.Field, e.Message.Replace(absent, spec.Path ?? spec.Name, StringComparison.Ordinal));
            }
        }
    }
}
