using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>birds</c>: the paper's Birds set, an image folder that needs no path where it lies in one of its usual places.</summary>
internal sealed class BirdsKind : IDatasetKind
{
    /// <summary>Below a data root: our name for it, and the folder that its archives unpack to.</summary>
    private static readonly string[] UsualFolders = ["birds", "100-bird-species"];

    public DatasetKind Info { get; } = new("birds", PathUse.Optional, "the folder that holds train, valid and test, each with one subfolder per class", HasFiles: true);

    /// <summary>Nothing: the folder is listed as an <c>image-folder</c> already.</summary>
    public IEnumerable<DatasetSpec> Find(DatasetContext context) => [];

    public DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => ImageFolderKind.Describe(spec, Read(spec, context, cancellationToken), context, cancellationToken);

    public IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => ImageFolderKind.Open(Read(spec, context, cancellationToken), spec, context, cancellationToken);

    private static ImageFolder Read(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        var root = spec.Path is { } path ? context.Roots.Resolve(path) : UsualFolders.Select(context.Roots.Find).FirstOrDefault(folder => folder is not null);
        return root is null
            ? throw new DatasetException(
                "path",
                $"The Birds images are not there: put them into a folder {string.Join(" or ", UsualFolders.Select(f => $"'{f}'"))} in one of {context.Roots.Description}, "
                + "with train, valid and test in it, or name their folder in `path`.")
            : ImageFolder.Read(root, spec.Classes, context.Roots, cancellationToken);
    }
}
