using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets.Folders;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>Finds the files of a publication.</summary>
/// <param name="downloads">Where downloaded files lie; it is no data root, and is looked at last.</param>
internal sealed class PublishedSearch(Publication publication, DataRoots roots, string downloads)
{
    /// <summary>Null where nothing of it is in the usual places.</summary>
    /// <param name="path">As in the spec; null looks in the usual places.</param>
    /// <exception cref="DatasetException">There is no such folder, only a part of the files, or another edition of them.</exception>
    /// <remarks>A part of them in the folder of downloads is no error: more come, or are fetched by the next who asks.</remarks>
    public PublishedFiles? Find(string? path)
    {
        var there = Places(path);
        return there.Select(InFolder).FirstOrDefault(files => files is not null) ?? Nothing([.. there.Where(folder => folder != downloads)], path);
    }

    /// <summary>The folder of the set as images; null where there is none, or the published files are there.</summary>
    /// <param name="path">As in <see cref="Find"/>. Without one, a data root itself is no such folder.</param>
    /// <exception cref="DatasetException">There is no such folder, or a link leads out of the data roots.</exception>
    public string? FindImages(string? path)
    {
        var there = Places(path);
        if (!publication.MayBeImages || there.Any(folder => InFolder(folder) is not null)) return null;
        return there.Where(folder => folder != downloads && (path is not null || !roots.Paths.Contains(folder, StringComparer.Ordinal)) && HasTrain(folder)).Select(Inside).FirstOrDefault();

        bool HasTrain(string folder)
        {
            try
            {
                return new PartFolders(FolderNode.Of(folder, roots)).Named.Any(part => part.Name.Part == Part.Train);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        string Inside(string folder)
        {
            var real = RealPath.Of(folder);
            return roots.Contains(real)
                ? real
                : throw new DatasetException("path", $"'{folder}' is a link that leads out of the data roots; put the images inside.");
        }
    }

    /// <summary>Folders that are there, in the order in which they are looked at.</summary>
    private string[] Places(string? path)
    {
        var folders = path is null ? [.. roots.Paths.SelectMany(root => Within(root).Skip(publication.HasNamesOfItsOwn ? 0 : 1)), downloads] : Within(roots.Resolve(path));
        return [.. folders.Where(Directory.Exists)];
    }

    private IEnumerable<string> Within(string folder) => publication.Folders.Select(name => Path.Combine(folder, name)).Prepend(folder);

    private PublishedFiles? InFolder(string folder)
    {
        var chosen = publication.Files.Select(names => names.FirstOrDefault(Exists)).ToArray();
        string[] names = chosen.All(name => name is not null)
            ? [.. chosen.Select(name => name!), .. publication.Extras.Where(Exists)]
            : publication.Archive is { } archive && Exists(archive) ? [archive] : [];
        if (names.Length == 0) return null;
        return new PublishedFiles(folder, names.ToDictionary(name => name, Real, StringComparer.Ordinal), chosen.Contains(null) ? publication.Archive : null);

        bool Exists(string name) => File.Exists(Path.Combine(folder, name));

        string Real(string name)
        {
            var real = RealPath.Of(Path.Combine(folder, name));
            return roots.Contains(real) || folder == downloads
                ? real
                : throw new DatasetException("path", $"'{name}' in '{folder}' is a link that leads out of the data roots; put the file inside.");
        }
    }

    /// <summary>Silent only where there is nothing to say: the files may yet be downloaded.</summary>
    private PublishedFiles? Nothing(string[] folders, string? path)
    {
        foreach (var folder in folders)
        {
            var missing = publication.Files.Where(names => !names.Any(name => File.Exists(Path.Combine(folder, name)))).Select(names => names[0]).ToArray();
            if (missing.Length < publication.Files.Count)
                throw new DatasetException("path", $"'{folder}' holds only a part of {publication.Title}: {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing.");
        }
        foreach (var folder in folders)
        {
            if (publication.Unreadable.FirstOrDefault(name => Path.Exists(Path.Combine(folder, name))) is { } other)
                throw new DatasetException("path", $"'{folder}' holds '{other}', which cannot be read: {publication.WhyUnreadable}");
        }
        return path is null
            ? null
            : throw new DatasetException("path", $"'{path}' does not hold {publication.Title}: {Expected}.");
    }

    /// <summary>Which files are looked for.</summary>
    public string Expected
    {
        get
        {
            var files = string.Join(", ", publication.Files.Select(names => names[0]));
            var expected = publication.Archive is { } archive ? $"expected is {archive}, or what it holds ({files})" : $"expected are {files}";
            return publication.MayBeImages ? $"{expected}, or images in train/CLASS and test/CLASS" : expected;
        }
    }
}
