using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary>
/// Everything that depends on the name of a data set. <see cref="DatasetKinds"/> finds the classes of this assembly that implement
/// it; they have a constructor without parameters, and no state.
/// </summary>
internal interface IDatasetKind
{
    /// <summary>Its name, and what a spec may say besides.</summary>
    DatasetKind Info { get; }

    /// <summary>Specs of all sets of this kind that can be had without being told where they are.</summary>
    IEnumerable<DatasetSpec> Find(DatasetContext context);

    /// <summary>Counts, without decoding an image.</summary>
    /// <exception cref="DatasetException">The spec names nothing usable.</exception>
    DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken);

    /// <summary>The images, to be decoded.</summary>
    /// <exception cref="DatasetException">The spec names nothing usable.</exception>
    /// <exception cref="Infrastructure.Downloads.DownloadException">Published files are not there and cannot be had.</exception>
    /// <exception cref="IOException">The cache folder cannot be written.</exception>
    IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken);
}
