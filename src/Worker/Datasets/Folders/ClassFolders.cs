using System.IO.Enumeration;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>One folder per class, with images in it or in folders below it. Classes and files are sorted ordinally, so that the order is the same on every machine.</summary>
internal sealed class ClassFolders
{
    private const int MostLevels = 8;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private ClassFolders(SortedDictionary<string, IReadOnlyList<ImageFile>> images, IReadOnlyList<string> problems)
    {
        Images = images;
        Problems = problems;
    }

    /// <summary>The images of each class; an empty class has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ImageFile>> Images { get; }

    public IReadOnlyList<string> Problems { get; }

    /// <param name="root">The data set's folder, a real path.</param>
    /// <param name="part">The folder of class folders inside it: <c>train</c>, or empty for <paramref name="root"/> itself.</param>
    /// <param name="roots">Links may lead anywhere inside them.</param>
    /// <exception cref="DatasetException">A link leads out of the data roots or nowhere.</exception>
    public static ClassFolders Read(string root, string part, DataRoots roots, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var images = new SortedDictionary<string, IReadOnlyList<ImageFile>>(StringComparer.Ordinal);
        foreach (var name in NamesOf(Path.Combine(root, part)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            images.Add(name, ReadClass(root, Path.Combine(part, name), roots, problems));
        }
        return new ClassFolders(images, problems);
    }

    /// <summary>Subfolders, links to folders among them, that are not hidden; in no particular order.</summary>
    public static IEnumerable<string> NamesOf(string folder)
        => new DirectoryInfo(folder).EnumerateDirectories("*", Everything).Select(d => d.Name).Where(name => !IsHidden(name));

    /// <summary>Whether it holds an image, without looking at all that it holds.</summary>
    public static bool HoldsImages(string folder)
        => new FileSystemEnumerable<bool>(folder, (ref _) => true, Everything)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && IsImage(entry.FileName),
        }.Any();

    private static List<ImageFile> ReadClass(string root, string part, DataRoots roots, List<string> problems)
    {
        CheckLink(Path.Combine(root, part), part, roots);
        var found = new ClassListing();
        Collect(root, part, roots, found, MostLevels);
        found.Images.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        if (found.Others.Count > 0)
            problems.Add($"'{part}' holds {found.Others.Count} files that are not named as images ({ImageFiles.Endings}) and are left out, '{found.Others.Min(StringComparer.Ordinal)}' for one.");
        if (found.Unread.Count > 0)
            problems.Add($"'{part}' holds {found.Unread.Count} folders that are not read, since they are links or lie too deep, '{found.Unread.Min(StringComparer.Ordinal)}' for one.");
        return found.Images;
    }

    /// <summary>Images of a class may lie in folders of its folder; links to further ones could lead in circles.</summary>
    private static void Collect(string root, string part, DataRoots roots, ClassListing found, int levels)
    {
        var folder = Path.Combine(root, part);
        foreach (var entry in Entries(folder))
        {
            if (entry.IsFolder && (entry.IsLink || levels == 0)) found.Unread.Add(Path.Combine(part, entry.Name));
            else if (entry.IsFolder) Collect(root, Path.Combine(part, entry.Name), roots, found, levels - 1);
            else if (!IsImage(entry.Name)) found.Others.Add(entry.Name);
            else found.Images.Add(Describe(entry, folder, part, roots));
        }
    }

    private static ImageFile Describe(Entry entry, string folder, string part, DataRoots roots)
    {
        var path = Path.Combine(part, entry.Name);
        if (!entry.IsLink) return new ImageFile(path, entry.Length, entry.Modified);
        var target = new FileInfo(CheckLink(Path.Combine(folder, entry.Name), path, roots));
        return target.Exists
            ? new ImageFile(path, target.Length, target.LastWriteTimeUtc)
            : throw new DatasetException("path", $"'{path}' is a link to a file that does not exist.");
    }

    private static string CheckLink(string path, string shown, DataRoots roots)
    {
        var real = RealPath.Of(path);
        return roots.Contains(real)
            ? real
            : throw new DatasetException("path", $"'{shown}' is a link that leads out of the data roots; put the images inside.");
    }

    private static FileSystemEnumerable<Entry> Entries(string folder)
        => new(folder, Transform, Everything) { ShouldIncludePredicate = (ref entry) => !IsHidden(entry.FileName) };

    // A link's own length and time would be those of the link.
    private static Entry Transform(ref FileSystemEntry entry)
    {
        var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
        return entry.IsDirectory || isLink
            ? new Entry(entry.FileName.ToString(), entry.IsDirectory, isLink, 0, default)
            : new Entry(entry.FileName.ToString(), IsFolder: false, IsLink: false, entry.Length, entry.LastWriteTimeUtc.UtcDateTime);
    }

    private static bool IsHidden(ReadOnlySpan<char> name) => name[0] == '.';

    private static bool IsImage(ReadOnlySpan<char> name) => ImageFiles.IsNamedAsImage(name) && !IsHidden(name);

    private sealed class ClassListing
    {
        public List<ImageFile> Images { get; } = [];

        public List<string> Others { get; } = [];

        public List<string> Unread { get; } = [];
    }

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink, long Length, DateTime Modified);
}
