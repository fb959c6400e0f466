using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets;

/// <param name="Name">Unique among all data sets: of a folder its path below the data root, else the name in its spec.</param>
public sealed record NamedDataset(string Name, DatasetInfo Info);

/// <summary>One short name for each data set of the catalogue.</summary>
public sealed class DatasetNames(IDatasetCatalogue catalogue, IOptions<DatasetOptions> options)
{
    private readonly DataRoots roots = new(options.Value.AllRoots);

    /// <summary>All of the catalogue, in its order. A second one of the same name is called <c>name~2</c>, and so on.</summary>
    public IReadOnlyList<NamedDataset> List()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. catalogue.List().Select(info =>
        {
            var (name, shown) = Describe(info);
            var count = seen[name] = seen.GetValueOrDefault(name) + 1;
            return new NamedDataset(count == 1 ? name : $"{name}~{count}", shown);
        })];
    }

    /// <summary>Null: there is none of this name.</summary>
    public NamedDataset? Find(string name) => List().FirstOrDefault(dataset => string.Equals(dataset.Name, name, StringComparison.Ordinal));

    /// <summary>A folder's path is given relative to its data root, where a job finds the same folder by it.</summary>
    private (string Name, DatasetInfo Info) Describe(DatasetInfo info)
    {
        if (info.Spec.Path is not { } path) return (info.Spec.Name, info);
        foreach (var root in roots.Paths)
        {
            var relative = Path.GetRelativePath(root, path);
            if (relative is "." || Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)) continue;
            return (relative, roots.Find(relative) == path ? info with { Spec = info.Spec with { Path = relative } } : info);
        }
        return (Path.GetFileName(path), info);
    }
}
