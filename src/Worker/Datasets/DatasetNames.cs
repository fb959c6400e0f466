using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets;

/// <param name="Name">Unique among all data sets: of a folder its path below the data root, else the name in its spec.</param>
public sealed record NamedDataset(string Name, DatasetInfo Info);

/// <summary>One short name for each data set of the catalogue.</summary>
public sealed class DatasetNames(IDatasetCatalogue catalogue, IOptions<DatasetOptions> options)
{
    private readonly DataRoots roots = new(options.Value.AllRoots, options.Value.UploadRoot);

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

    /// <summary>Null: there is none of this name, and no folder of this name can be used.</summary>
    /// <remarks>
    /// A folder that a spec's <c>path</c> may name is found by that, though the list shows the one inside it. Only the first of a name is looked at; how many there are,
    /// for <c>name~2</c>, the list alone tells.
    /// </remarks>
    public NamedDataset? Find(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal)) return null;
        if (name.Contains('~', StringComparison.Ordinal) && List().FirstOrDefault(dataset => string.Equals(dataset.Name, name, StringComparison.Ordinal)) is { } listed) return listed;
        return catalogue.Kinds.SelectMany(kind => OfKind(kind.Name, name)).Select(info =>
        {
            var (own, shown) = Describe(info);
            return new NamedDataset(own, shown);
        }).FirstOrDefault();
    }

    /// <summary>In the order of the catalogue.</summary>
    private IEnumerable<DatasetInfo> OfKind(string kind, string name)
    {
        if (string.Equals(kind, DatasetSpec.ImageFolderName, StringComparison.Ordinal)) return Folders(name).Select(Inspect).OfType<DatasetInfo>();
        return string.Equals(kind, name, StringComparison.Ordinal) ? catalogue.ListOf(kind) : [];
    }

    /// <summary>Where a folder of this name can be: below a root, or a root itself.</summary>
    private IEnumerable<string> Folders(string name)
    {
        // One way to write a path is enough, and leads nowhere else.
        if (name.Split('/').Any(part => part.Length == 0 || IgnoredFiles.IsFolder(part))) return [];
        return roots.Paths
            .SelectMany(root => string.Equals(Path.GetFileName(root), name, StringComparison.Ordinal) ? [root, Path.Join(root, name)] : new[] { Path.Join(root, name) })
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            .Where(folder => Directory.Exists(folder) && roots.Contains(RealPath.Of(folder)));
    }

    /// <summary>Null: it cannot be used, and is no data set that cannot be used either.</summary>
    private DatasetInfo? Inspect(string folder)
    {
        var spec = new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = RealPath.Of(folder) };
        try
        {
            return catalogue.Inspect(spec);
        }
        catch (DatasetException e)
        {
            return FolderSearch.Finds(roots, folder) ? DatasetInfo.Unusable(spec, e.Message) : null;
        }
    }

    /// <summary>A folder's path is given relative to its data root, where a job finds the same folder by it.</summary>
    private (string Name, DatasetInfo Info) Describe(DatasetInfo info)
    {
        if (info.Spec.Path is not { } path) return (info.Spec.Name, info);
        foreach (var root in roots.Paths)
        {
            var relative = SlashPath.Relative(root, path);
            // A root that is a data set itself has no other name than its folder's.
            if (relative is "." && roots.Find(relative) == path) return (Path.GetFileName(path), info with { Spec = info.Spec with { Path = relative } });
            if (relative is "." || Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)) continue;
            return (relative, roots.Find(relative) == path ? info with { Spec = info.Spec with { Path = relative } } : info);
        }
        return (Path.GetFileName(path), info);
    }
}
