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
            var layout = FolderLayout.Of(root);
            var test = layout.Test ?? throw new DatasetException("path", $"'{root}' holds images of {publication.Title} in '{layout.Train}', but no folder 'test' beside it.");
            CheckNames(root, layout.Train, publication);
            CheckNames(root, test, publication);
            var folder = ImageFolder.Read(root, wanted ?? publication.Classes, roots, cancellationToken);
            foreach (var (name, images) in ClassFolders.Read(root, test, roots, cancellationToken).Images)
            {
                if (images.Count == 0 && folder.Classes.Contains(name, StringComparer.Ordinal))
                    throw new DatasetException("path", $"Class '{name}' has no images in '{Path.Combine(root, test)}'.");
            }
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("path", $"The images cannot be read: {e.Message}");
        }
    }

    private static void CheckNames(string root, string part, Publication publication)
    {
        var folder = Path.Combine(root, part);
        var there = ClassFolders.NamesOf(folder).Order(StringComparer.Ordinal).ToArray();
        var missing = publication.Classes.Except(there, StringComparer.Ordinal).ToArray();
        var others = there.Except(publication.Classes, StringComparer.Ordinal).ToArray();
        if (missing.Length == 0 && others.Length == 0) return;
        string[] faults = [.. missing.Length > 0 ? new[] { $"lacks the classes {Shown(missing)}" } : [], .. others.Length > 0 ? new[] { $"has {Shown(others)}, no classes of it" } : []];
        throw new DatasetException(
            "path", $"'{folder}' should hold the {publication.Classes.Count} classes of {publication.Title}, but {string.Join(" and ", faults)}. Images of other classes are an image-folder.");
    }

    private static string Shown(string[] names)
        => string.Join(", ", names.Take(MostNamesShown).Select(name => $"'{name}'")) + (names.Length > MostNamesShown ? $" and {names.Length - MostNamesShown} more" : "");
}
