using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>image-folder</c>: a folder of image files per class.</summary>
internal sealed class ImageFolderKind : IDatasetKind
{
    public DatasetKind Info { get; } = new(DatasetSpec.ImageFolderName, PathUse.Required, "the folder of the images, one subfolder per class", HasExif: true);

    public IEnumerable<DatasetSpec> Find(DatasetContext context)
        => FolderSearch.Below(context.Roots).Select(folder => new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = folder });

    public DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => Describe(spec, Read(spec, context, cancellationToken));

    public IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => Open(Read(spec, context, cancellationToken), spec.Exif, context, cancellationToken);

    internal static DatasetInfo Describe(DatasetSpec spec, ImageFolder folder) => new()
    {
        Spec = spec,
        Classes = [.. folder.Classes.Select((name, i) => new ClassCount(name, folder.Train[i].Count, folder.Test[i].Count, folder.Validation[i].Count))],
        Problems = folder.Problems,
    };

    internal static IImageSource Open(ImageFolder folder, ExifOrientation exif, DatasetContext context, CancellationToken cancellationToken)
    {
        var content = context.Cache.HashOf(FolderHash.Stamp(folder), () => FolderHash.Content(folder, context.Threads, cancellationToken), cancellationToken);
        return new FolderSource(folder, FolderHash.OfPixels(content, exif), exif, context.Threads);
    }

    private static ImageFolder Read(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(spec.Path)) throw new DatasetException("path", "An image-folder needs a path; give the folder that holds one subfolder per class.");
        return ImageFolder.Read(context.Roots.Resolve(spec.Path), spec.Classes, context.Roots, cancellationToken);
    }
}
