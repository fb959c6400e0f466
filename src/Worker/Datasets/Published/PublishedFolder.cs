using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>A published set that somebody keeps as images.</summary>
internal static class PublishedFolder
{
    private const int MostNamesShown = 10;

    /// <param name="root">Real path of a folder that has <c>train</c>.</param>
    /// <param name="wanted">As in the spec; null takes all, in the published order.</param>
    /// <exception cref="DatasetException">Its classes are not the published ones, or one has no images.</exception>
    public static ImageFolder Read(string root, Publication publication, IReadOnlyList<string>? wanted, DataRoots roots, CancellationToken cancellationToken)
    {
        try
        {
            var layout = LayoutReader.Read(FolderNode.Of(root, roots), wanted: null);
            var test = layout.Test ?? throw new DatasetException("path", $"'{root}' holds images of {publication.Title} in '{layout.TrainName}', but no folder 'test' beside it.");
            CheckNames(layout.Train, publication);
            CheckNames(test.Root, publication);
            var folder = ImageFolder.Read(root, wanted ?? publication.Classes, roots, cancellationToken);
            if (test.Classes.FirstOrDefault(c => !c.HoldsImages && folder.Classes.Contains(c.Name, StringComparer.Ordinal)) is { } empty)
                throw new DatasetException("path", $"Class '{empty.Name}' has no images in '{test.Root.FullPath}'.");
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("path", $"The images cannot be read: {e.Message}");
        }
    }

    private static void CheckNames(FolderNode folder, Publication publication)
    {
        var there = folder.Subfolders.Select(c => c.Name).ToArray();
        var missing = publication.Classes.Except(there, StringComparer.Ordinal).ToArray();
        var others = there.Except(publication.Classes, StringComparer.Ordinal).ToArray();
        if (missing.Length == 0 && others.Length == 0) return;
        string[] faults = [.. missing.Length > 0 ? new[] { $"lacks the classes {Shown(missing)}" } : [], .. others.Length > 0 ? new[] { $"has {Shown(others)}, no classes of it" } : []];
        throw new DatasetException(
            "path", $"'{folder.FullPath}' should hold the {publication.Classes.Count} classes of {publication.Title}, but {string.Join(" and ", faults)}. Images of other classes are an image-folder.");
    }

    private static string Shown(string[] names)
        => string.Join(", ", names.Take(MostNamesShown).Select(name => $"'{name}'")) + (names.Length > MostNamesShown ? $" and {names.Length - MostNamesShown} more" : "");
}
