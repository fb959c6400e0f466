using System.IO.Enumeration;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Lists the images of class folders, in them and in folders below them, and keeps what is left out.</summary>
/// <param name="root">The data set's folder, a real path.</param>
/// <param name="roots">Links may lead anywhere inside them.</param>
internal sealed class ClassFolders(string root, DataRoots roots)
{
    private const int MostLevels = 8;

    /// <summary>Everything is listed, and what cannot be read is an error.</summary>
    public static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Files that are not named as images.</summary>
    public NameList Others { get; } = new();

    /// <summary>Folders that are links, lie too deep, or hold masks.</summary>
    public NameList Unread { get; } = new();

    /// <summary>The images of a class folder, sorted ordinally, so that the order is the same on every machine.</summary>
    /// <exception cref="DatasetException">A link leads out of the data roots or nowhere.</exception>
    public IReadOnlyList<ImageFile> Read(FolderNode folder)
    {
        CheckLink(folder.FullPath, folder.Relative);
        var images = new List<ImageFile>();
        Collect(folder.Relative, images, MostLevels);
        images.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return images;
    }

    /// <summary>Images of a class may lie in folders of its folder; links to further ones could lead in circles.</summary>
    private void Collect(string part, List<ImageFile> images, int levels)
    {
        var folder = Path.Combine(root, part);
        var folders = new List<Entry>();
        foreach (var entry in Entries(folder))
        {
            if (entry.IsFolder) folders.Add(entry);
            else if (ImageFiles.IsNamedAsImage(entry.Name)) images.Add(Describe(entry, folder, part));
            else Others.Add($"{part}/{entry.Name}");
        }
        var hasImageFolder = folders.Exists(entry => PartName.IsNeutral(entry.Name));
        foreach (var entry in folders)
        {
            // Masks beside the images that they belong to are images of no class.
            if (entry.IsLink || levels == 0 || (hasImageFolder && ClassLevel.IsAuxiliary(entry.Name))) Unread.Add($"{part}/{entry.Name}");
            else Collect($"{part}/{entry.Name}", images, levels - 1);
        }
    }

    private ImageFile Describe(Entry entry, string folder, string part)
    {
        var path = $"{part}/{entry.Name}";
        if (!entry.IsLink) return new ImageFile(path, entry.Length, entry.Modified);
        var target = new FileInfo(CheckLink(Path.Combine(folder, entry.Name), path));
        return target.Exists
            ? new ImageFile(path, target.Length, target.LastWriteTimeUtc)
            : throw new DatasetException("path", $"'{path}' is a link to a file that does not exist.");
    }

    private string CheckLink(string path, string shown)
    {
        var real = RealPath.Of(path);
        return roots.Contains(real)
            ? real
            : throw new DatasetException("path", $"'{shown}' is a link that leads out of the data roots; put the images inside.");
    }

    private static FileSystemEnumerable<Entry> Entries(string folder) => new(folder, Transform, Everything)
    {
        ShouldIncludePredicate = (ref entry) => entry.IsDirectory ? !IgnoredFiles.IsFolder(entry.FileName) : !IgnoredFiles.IsFile(entry.FileName),
    };

    // A link's own length and time would be those of the link.
    private static Entry Transform(ref FileSystemEntry entry)
    {
        var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
        return entry.IsDirectory || isLink
            ? new Entry(entry.FileName.ToString(), entry.IsDirectory, isLink, 0, default)
            : new Entry(entry.FileName.ToString(), IsFolder: false, IsLink: false, entry.Length, entry.LastWriteTimeUtc.UtcDateTime);
    }

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink, long Length, DateTime Modified);
}
