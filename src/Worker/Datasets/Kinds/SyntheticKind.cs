using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Synthetic;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>synthetic</c>: generated from its numbers.</summary>
internal sealed class SyntheticKind : IDatasetKind
{
    public DatasetKind Info { get; } = new(DatasetSpec.SyntheticName, PathUse.None);

    public IEnumerable<DatasetSpec> Find(DatasetContext context) => [new DatasetSpec { Name = DatasetSpec.SyntheticName, Synthetic = new SyntheticSpec() }];

    public DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        var images = new SyntheticImages(spec);
        return new DatasetInfo
        {
            Spec = spec,
            Classes = [.. images.Classes.Select((name, i) => new ClassCount(name, images.CountOf(i, images.Train), images.CountOf(i, images.Test)))],
            Problems = [],
        };
    }

    public IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => new SyntheticSource(new SyntheticImages(spec), context.Threads);
}
