using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>Which uploaded folder a spec leads to; a data set of the same name in a data root is another one.</summary>
internal sealed class UploadedFolders(IOptions<DatasetOptions> datasets, IOptions<StorageOptions> storage, IDatasetCatalogue catalogue, DatasetUploads uploads) : IUploadUse
{
    /// <summary>Null: the spec names no folder, or none that was uploaded.</summary>
    public UploadedDataset? Find(DatasetSpec spec)
        => FolderOf(spec) is { } folder && uploads.Find(Path.GetFileName(folder)) is { } upload && string.Equals(Real(uploads.PathOf(upload.Name)), folder, StringComparison.Ordinal)
            ? upload
            : null;

    /// <summary>The upload that a job on the spec would read from; null: none.</summary>
    public UploadedDataset? Read(DatasetSpec spec)
    {
        if (spec.Path is null) return uploads.Find(spec.Name) is { } upload && IsFoundIn(Real(uploads.PathOf(upload.Name)), spec) ? upload : null;
        var root = $"{Real(storage.Value.UploadRoot)}{Path.DirectorySeparatorChar}";
        return FolderOf(spec) is { } folder && folder.StartsWith(root, StringComparison.Ordinal)
            ? uploads.Find(folder[root.Length..].Split(Path.DirectorySeparatorChar)[0])
            : null;
    }

    /// <summary>Whether a job on the spec reads the upload's folder, or one below it.</summary>
    public bool Uses(DatasetSpec spec, UploadedDataset upload)
    {
        var folder = Real(uploads.PathOf(upload.Name));
        if (spec.Path is null) return IsFoundIn(folder, spec);
        return FolderOf(spec) is { } used && $"{used}/".StartsWith($"{folder}/", StringComparison.Ordinal);
    }

    public string? WhyGone(DatasetSpec spec)
    {
        if (spec.Path is { } path) return FolderOf(spec) is null ? $"The data set '{path}' was deleted meanwhile." : null;
        // Where nothing was uploaded, nothing can have gone.
        if (!Directory.Exists(storage.Value.UploadRoot) || catalogue.Kinds.All(kind => kind.Name != spec.Name || kind.Path != PathUse.Optional)) return null;
        try
        {
            catalogue.Inspect(spec);
            return null;
        }
        catch (DatasetException e)
        {
            return e.Message;
        }
    }

    /// <summary>Somebody wants to train on it.</summary>
    public void MarkUsed(DatasetSpec spec)
    {
        if (Find(spec) is { } upload) uploads.MarkUsed(upload);
    }

    /// <summary>
    /// A kind that needs no path looks in places of its own: when it finds in this folder what it finds without a path, this is taken to be the place.
    /// A copy elsewhere reads the same; then a deletion is refused that would do no harm.
    /// </summary>
    private bool IsFoundIn(string folder, DatasetSpec spec)
    {
        if (catalogue.Kinds.All(kind => kind.Name != spec.Name || kind.Path != PathUse.Optional)) return false;
        try
        {
            return catalogue.Inspect(spec with { Path = folder }).Classes.SequenceEqual(catalogue.Inspect(spec).Classes);
        }
        catch (DatasetException)
        {
            return false;
        }
    }

    /// <summary>The first data root that has it, as the catalogue searches them, without links.</summary>
    private string? FolderOf(DatasetSpec spec)
        => spec.Path is { } path
            ? datasets.Value.DataRoots.Append(storage.Value.UploadRoot).Select(root => Path.GetFullPath(path, Path.GetFullPath(root))).Where(Directory.Exists).Select(Real).FirstOrDefault()
            : null;

    private static string Real(string path) => RealPath.Of(Path.GetFullPath(path));
}
