using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>The image folders under the data roots, and the generated set.</summary>
public sealed class DatasetCatalogue(IOptions<DatasetOptions> options) : IDatasetCatalogue
{
    /// <summary>How far below a root data sets are looked for.</summary>
    private const int Depth = 3;

    private readonly DataRoots roots = new(options.Value.DataRoots);

    /// <inheritdoc/>
    public IReadOnlyList<DatasetInfo> List() =>
    [
        .. roots.Paths.SelectMany(root => FoldersIn(root, Depth)).Distinct(StringComparer.Ordinal).Select(TryInspect).OfType<DatasetInfo>(),
        Inspect(new DatasetSpec { Name = DatasetSpec.SyntheticName, Synthetic = new SyntheticSpec() }),
    ];

    /// <inheritdoc/>
    public DatasetInfo Inspect(DatasetSpec spec) => spec.Name switch
    {
        DatasetSpec.ImageFolderName => Describe(spec, Read(spec, CancellationToken.None)),
        DatasetSpec.SyntheticName => Synthetic.SyntheticImages.Describe(spec),
        _ => throw UnknownName(spec.Name),
    };

    /// <exception cref="DatasetException">As <see cref="Inspect"/>.</exception>
    internal ImageFolder Read(DatasetSpec spec, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(spec.Path)) throw new DatasetException("path", "An image-folder needs a path; give the folder that holds one subfolder per class.");
        return ImageFolder.Read(roots.Resolve(spec.Path), spec.Classes, roots, cancellationToken);
    }

    internal static DatasetException UnknownName(string name)
        => new("name", $"There is no data set '{name}'; accepted are '{DatasetSpec.ImageFolderName}' and '{DatasetSpec.SyntheticName}'.");

    private static DatasetInfo Describe(DatasetSpec spec, ImageFolder folder) => new()
    {
        Spec = spec,
        Classes = [.. folder.Classes.Select((name, i) => new ClassCount(name, folder.Train[i].Count, folder.Test[i].Count))],
        Problems = folder.Problems,
    };

    private DatasetInfo? TryInspect(string folder)
    {
        try
        {
            return Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = folder });
        }
        catch (DatasetException)
        {
            return null; // A list shows what can be used; whoever names this folder in a job is told what is wrong with it.
        }
    }

    /// <summary>Data sets at or below a folder; what lies inside one is not looked at. Links are left out: they would list a data set twice.</summary>
    private static IEnumerable<string> FoldersIn(string folder, int depth)
    {
        string[] below;
        try
        {
            if (FolderLayout.IsDataset(folder)) return [folder];
            if (depth == 0) return [];
            below = [.. ClassFolders.NamesOf(folder).Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return below.Where(path => new DirectoryInfo(path).LinkTarget is null).SelectMany(path => FoldersIn(path, depth - 1));
    }
}
