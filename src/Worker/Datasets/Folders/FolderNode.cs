using System.IO.Enumeration;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>A folder as far as it has been looked at: names only, each folder once. What programs leave behind (<see cref="IgnoredFiles"/>) is not in it.</summary>
internal sealed class FolderNode
{
    /// <summary>Deeper than images lie in any data set, and shallow enough for links and mistakes to end somewhere.</summary>
    public const int MostLevels = 10;

    /// <summary>Parts and class folders may be links; further ones could lead in circles.</summary>
    private const int MostLinkLevels = 3;

    private readonly DataRoots roots;
    private readonly int level;
    private readonly bool isBelowLink;
    private readonly Lazy<Contents> contents;
    private readonly Lazy<bool> holdsImages;
    private readonly Lazy<IReadOnlyList<FolderNode>> filled;

    private FolderNode(string path, string relative, int level, bool isBelowLink, DataRoots roots)
    {
        this.roots = roots;
        this.level = level;
        this.isBelowLink = isBelowLink;
        FullPath = path;
        Relative = relative;
        contents = new Lazy<Contents>(Read);
        holdsImages = new Lazy<bool>(() => HasImages || Subfolders.Any(folder => folder.HoldsImages));
        filled = new Lazy<IReadOnlyList<FolderNode>>(() => [.. Subfolders.Where(folder => folder.HoldsImages)]);
    }

    /// <summary>Absolute.</summary>
    public string FullPath { get; }

    /// <summary>To the data set's folder, with forward slashes; empty for that itself.</summary>
    public string Relative { get; }

    public string Name => Path.GetFileName(FullPath);

    /// <summary>Whether images lie in it, not counting folders below it.</summary>
    public bool HasImages => Images.Count > 0;

    /// <summary>Of the images that lie in it, relative to the data set's folder.</summary>
    public NameList Images => contents.Value.Images;

    /// <summary>Of all other files that lie in it.</summary>
    public NameList Others => contents.Value.Others;

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<FolderNode> Subfolders => contents.Value.Subfolders;

    /// <summary>Those of <see cref="Subfolders"/> that hold images, at any depth.</summary>
    public IReadOnlyList<FolderNode> Filled => filled.Value;

    public bool HoldsImages => holdsImages.Value;

    public bool IsDataRoot => roots.Paths.Contains(FullPath, StringComparer.Ordinal);

    /// <param name="path">Real path of the data set's folder.</param>
    /// <param name="roots">Links may lead anywhere inside them.</param>
    public static FolderNode Of(string path, DataRoots roots) => new(path, "", 0, isBelowLink: false, roots);

    /// <exception cref="DatasetException">A link leads out of the data roots.</exception>
    private Contents Read()
    {
        var found = new Contents([], new NameList(), new NameList());
        foreach (var (name, isFolder, isLink) in Entries())
        {
            var relative = Relative.Length == 0 ? name : $"{Relative}/{name}";
            if (!isFolder) (ImageFiles.IsNamedAsImage(name) ? found.Images : found.Others).Add(relative);
            else if (level < MostLevels && (!isLink || (level < MostLinkLevels && !isBelowLink))) found.Subfolders.Add(Below(name, relative, isLink));
        }
        found.Subfolders.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    private FolderNode Below(string name, string relative, bool isLink)
    {
        var path = Path.Combine(FullPath, name);
        if (isLink && !roots.Contains(RealPath.Of(path))) throw new DatasetException("path", $"'{relative}' is a link that leads out of the data roots; put the images inside.");
        return new FolderNode(path, relative, level + 1, isBelowLink || isLink, roots);
    }

    private FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink)> Entries() => new(
        FullPath, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint)), ClassFolders.Everything)
    {
        ShouldIncludePredicate = (ref entry) => entry.IsDirectory ? !IgnoredFiles.IsFolder(entry.FileName) : !IgnoredFiles.IsFile(entry.FileName),
    };

    private sealed record Contents(List<FolderNode> Subfolders, NameList Images, NameList Others);
}
