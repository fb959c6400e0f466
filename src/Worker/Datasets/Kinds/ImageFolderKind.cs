using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary><c>image-folder</c>: a folder of image files per class.</summary>
internal sealed class ImageFolderKind : IDatasetKind
{
    public DatasetKind Info { get; } = new(DatasetSpec.ImageFolderName, PathUse.Required, "the folder of the images, one subfolder per class", HasFiles: true);

    public IEnumerable<DatasetSpec> Find(DatasetContext context)
        => FolderSearch.Below(context.Roots).Select(folder => new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = folder });

    public DatasetInfo Inspect(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => Describe(spec, Read(spec, context, cancellationToken), context, cancellationToken);

    public IImageSource Open(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
        => Open(Read(spec, context, cancellationToken), spec, context, cancellationToken);

    /// <summary>With what is known of its files from an earlier inspection.</summary>
    internal static DatasetInfo Describe(DatasetSpec spec, ImageFolder folder, DatasetContext context, CancellationToken cancellationToken)
    {
        var known = KnownFiles.Find(spec, folder, context, cancellationToken);
        if (known?.Broken.Count > 0 && spec.OnBrokenImage == BrokenImage.Skip) folder = known.Skip(folder);
        return Describe(spec, folder) with
        {
            Broken = known is not { Broken.Count: > 0 } || spec.OnBrokenImage == BrokenImage.Skip ? null : known.Broken,
            Problems = known?.SharedImages is { } shared ? [.. folder.Problems, shared] : folder.Problems,
        };
    }

    internal static DatasetInfo Describe(DatasetSpec spec, ImageFolder folder) => new()
    {
        Spec = spec,
        Classes = [.. folder.Classes.Select((name, i) => new ClassCount(name, folder.Train[i].Count, folder.Test[i].Count, folder.Validation[i].Count))],
        Problems = folder.Problems,
    };

    /// <summary>To skip broken files, all have to be decoded first, which is remembered.</summary>
    internal static IImageSource Open(ImageFolder folder, DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        var source = SourceOf(folder, spec.Exif, context, cancellationToken);
        if (spec.OnBrokenImage != BrokenImage.Skip) return source;
        var known = KnownFiles.Of(context.Inspections.Of(source), folder);
        return known.Broken.Count == 0 ? source : SourceOf(known.Skip(folder), spec.Exif, context, cancellationToken);
    }

    private static FolderSource SourceOf(ImageFolder folder, ExifOrientation exif, DatasetContext context, CancellationToken cancellationToken)
    {
        var content = context.Cache.HashOf(FolderHash.Stamp(folder), () => FolderHash.Content(folder, context.Threads, cancellationToken), cancellationToken);
        return new FolderSource(folder, FolderHash.OfPixels(content, exif), exif, context.Threads);
    }

    private static ImageFolder Read(DatasetSpec spec, DatasetContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(spec.Path)) throw new DatasetException("path", "An image-folder needs a path; give the folder that holds one subfolder per class.");
        var folder = context.Roots.Resolve(spec.Path);
        return context.Roots.IsHidden(folder)
            ? throw new DatasetException("path", $"'{spec.Path}' lies in a folder that is not looked at, as all whose names begin with a dot. Move it, or call it something else.")
            : ImageFolder.Read(folder, spec.Classes, context.Roots, cancellationToken);
    }
}
