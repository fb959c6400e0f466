using System.Text;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <param name="Path">Below the data set's folder; of use for images only, since nothing else is written.</param>
/// <param name="IsNamedAsImage">Has an ending that data sets are read by.</param>
internal sealed record PlannedFile(ZipItem Item, string Path, bool IsNamedAsImage);

/// <summary>What of an archive goes where, judged by its directory alone: before a byte of it is expanded.</summary>
internal sealed class UploadPlan
{
    private const int MostFaults = 20;
    private const int MostDepth = 16;
    private const int MostPartBytes = 255;

    /// <summary>On average. Without it, names alone could fill the memory.</summary>
    private const int MostDirectoryBytesPerFile = 512;

    /// <summary>Of a whole path: with the folder it is unpacked to it stays below what file systems and the C library take (4 096).</summary>
    private const int MostPathBytes = 1024;

    /// <summary>Five times the classes of the largest published sets; each takes memory while the archive is judged.</summary>
    private const int MostFolders = 100_000;

    /// <summary>Photographs hardly shrink, and a plain drawing some fifty times; what shrinks more is there to fill the disk.</summary>
    private const int MostRatio = 100;

    /// <summary>Below this nobody is hurt, and small flat images do shrink a lot.</summary>
    private const long AnyRatioBytes = 1 << 20;

    private const string AcceptedPath = "a relative path such as train/robin/001.jpg, with forward slashes";

    private readonly List<ArchiveFault> _faults = [];
    private readonly List<PlannedFile> _files = [];

    /// <summary>By number of the folder and name in it, upper and lower case alike: a name is kept once, however much lies below it.</summary>
    private readonly Dictionary<string, Place> _places = new(StringComparer.OrdinalIgnoreCase);

    private int _folders;

    private UploadPlan()
    {
    }

    /// <summary>Without those that programs leave behind (<see cref="IgnoredFiles"/>).</summary>
    public IReadOnlyList<PlannedFile> Files => _files;

    /// <summary>Bytes of the images when expanded.</summary>
    public long Length => _files.Where(file => file.IsNamedAsImage).Sum(file => file.Item.Length);

    /// <param name="archive">Can seek; is not closed.</param>
    /// <exception cref="ArchiveException">No whole zip file, or one with more entries, or longer names, than are read into memory.</exception>
    public static ZipReader OpenArchive(Stream archive, UploadOptions options)
    {
        var directory = ZipDirectory.Find(archive);
        if (directory.Count > options.MaxFiles)
            throw new ArchiveException(null, $"{directory.Count} entries", "has too many entries", $"at most {options.MaxFiles} entries (Uploads:MaxFiles)");
        var mostBytes = (long)MostDirectoryBytesPerFile * options.MaxFiles;
        return directory.Length <= mostBytes
            ? ZipReader.Open(archive, directory)
            : throw new ArchiveException(null, $"{directory.Length} bytes", "has too long a directory", $"names and comments of together at most {mostBytes} bytes ({MostDirectoryBytesPerFile} for each of Uploads:MaxFiles)");
    }

    /// <param name="archiveBytes">Length of the archive.</param>
    /// <exception cref="ArchiveException">With the first twenty faults.</exception>
    public static UploadPlan Of(IReadOnlyList<ZipItem> items, long archiveBytes, UploadOptions options)
    {
        var plan = new UploadPlan();
        plan.CheckSizes(items, archiveBytes, options);
        foreach (var item in items)
        {
            if (plan._faults.Count >= MostFaults) break;
            plan.Add(item);
        }
        if (plan._faults.Count > 0) throw new ArchiveException(plan._faults);
        plan.ThrowIfOnlyArchives();
        plan.LeaveOutSingleFolders();
        return plan;
    }

    private void CheckSizes(IReadOnlyList<ZipItem> items, long archiveBytes, UploadOptions options)
    {
        var total = 0L;
        foreach (var item in items.Where(IsImage))
        {
            // No sum of these overflows: there are at most int.MaxValue of them, and each is refused above the limit.
            if (item.Length > options.MaxExpandedBytes) total = long.MaxValue;
            else if (total < long.MaxValue) total += item.Length;
            if (_faults.Count < MostFaults && item.Length > AnyRatioBytes && item.Length / MostRatio > item.CompressedLength)
                _faults.Add(new ArchiveFault(item.Name, $"{item.CompressedLength} bytes that expand to {item.Length}", "expands too much", $"images, which expand to at most {MostRatio} times their compressed length"));
        }
        if (_faults.Count >= MostFaults) return;
        if (total > options.MaxExpandedBytes)
            _faults.Add(new ArchiveFault(null, total == long.MaxValue ? null : $"{total} bytes", "expands to more than is accepted", $"at most {options.MaxExpandedBytes} bytes (Uploads:MaxExpandedBytes)"));
        else if (_faults.Count == 0 && total > AnyRatioBytes && total / MostRatio > archiveBytes)
            _faults.Add(new ArchiveFault(null, $"{archiveBytes} bytes that expand to {total}", "expands too much", $"images, which expand to at most {MostRatio} times their compressed length"));
    }

    private void Add(ZipItem item)
    {
        if (FaultOf(item) is { } fault)
        {
            _faults.Add(fault);
            return;
        }
        var parts = item.Name.TrimEnd('/').Split('/');
        if (IsIgnored(item, parts)) return;
        if (Conflict(item, parts) is { } conflict) _faults.Add(conflict);
        else if (!item.IsFolder) _files.Add(new PlannedFile(item, item.Name, ImageFiles.IsNamedAsImage(item.Name)));
    }

    private static bool IsIgnored(ZipItem item, string[] parts)
        => parts[..^1].Any(part => IgnoredFiles.IsFolder(part)) || (item.IsFolder ? IgnoredFiles.IsFolder(parts[^1]) : IgnoredFiles.IsFile(parts[^1]));

    /// <summary>Nothing else is expanded.</summary>
    private static bool IsImage(ZipItem item) => ImageFiles.IsNamedAsImage(item.Name) && !IsIgnored(item, item.Name.TrimEnd('/').Split('/'));

    private static ArchiveFault? FaultOf(ZipItem item)
    {
        if (PathFault(item.Name) is { } problem) return new ArchiveFault(item.Name, null, problem, AcceptedPath);
        if (SpecialKind(item) is { } kind) return new ArchiveFault(item.Name, kind, $"is a {kind}", "files and folders only; pack what links lead to");
        return item.IsFolder && item.Length > 0
            ? new ArchiveFault(item.Name, $"{item.Length} bytes", "is a folder with content", "a folder's entry without content, or none")
            : item.Fault();
    }

    private static string? PathFault(string name)
    {
        if (name.Length == 0) return "has no name";
        if (name.Length > MostPathBytes || Encoding.UTF8.GetByteCount(name) > MostPathBytes) return $"has a path of more than {MostPathBytes} bytes";
        if (name.Any(char.IsControl)) return "has control characters in its name";
        if (name.Contains('\\', StringComparison.Ordinal)) return "has backslashes in its name";
        if (name.StartsWith('/')) return "has an absolute path";
        if (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])) return "has a drive letter in its name";
        var parts = (name.EndsWith('/') ? name[..^1] : name).Split('/');
        if (Array.Exists(parts, part => part is ".." or ".")) return "has a path that leads out of its folder";
        if (Array.Exists(parts, part => part.Length == 0)) return "has an empty folder name in its path";
        if (parts.Length > MostDepth) return $"lies {parts.Length} folders deep, more than {MostDepth}";
        return Array.Exists(parts, part => Encoding.UTF8.GetByteCount(part) > MostPartBytes) ? $"has a name of more than {MostPartBytes} bytes" : null;
    }

    /// <summary>Unix's file type, or Windows' mark of a link.</summary>
    private static string? SpecialKind(ZipItem item)
    {
        const uint reparsePoint = 0x400;
        return (item.ExternalAttributes >> 28) switch
        {
            0 => (item.ExternalAttributes & reparsePoint) != 0 ? "link" : null,
            0x4 or 0x8 => null,
            0xA => "symbolic link",
            0x1 => "pipe",
            0x2 or 0x6 => "device",
            0xC => "socket",
            _ => "special file",
        };
    }

    /// <summary>Two names for one place, on file systems that do not tell upper from lower case too.</summary>
    /// <exception cref="ArchiveException">There are too many folders.</exception>
    private ArchiveFault? Conflict(ZipItem item, string[] parts)
    {
        var folder = 0;
        for (var depth = 0; depth < parts.Length; depth++)
        {
            var key = $"{folder}/{parts[depth]}";
            var place = new Place(parts[depth], depth < parts.Length - 1 || item.IsFolder, _places.Count + 1);
            if (_places.TryAdd(key, place))
            {
                if (place.IsFolder && ++_folders > MostFolders) throw new ArchiveException(null, null, "has too many folders", $"at most {MostFolders}");
                folder = place.Number;
                continue;
            }
            var known = _places[key];
            var isSameName = known.Name.Equals(place.Name, StringComparison.Ordinal);
            if (place.IsFolder && known.IsFolder && isSameName)
            {
                folder = known.Number;
                continue;
            }
            var problem = isSameName
                ? place.IsFolder == known.IsFolder ? "is there twice" : "is both a file and a folder"
                : "differs from another entry by upper and lower case only";
            return new ArchiveFault(item.Name, string.Join('/', [.. parts[..depth], known.Name]), problem, "every path once");
        }
        return null;
    }

    /// <summary>Beside images an archive is one more file that is none; without any it hides them.</summary>
    private void ThrowIfOnlyArchives()
    {
        if (_files.Exists(file => file.IsNamedAsImage) || _files.Find(file => FileSignature.IsNamedAsArchive(file.Path)) is not { } inner) return;
        throw new ArchiveException(
            inner.Item.Name, null, "is an archive inside the archive, which has no images of its own", "the images themselves, in one folder per class: unpack what is inside, and pack it as one");
    }

    /// <summary>Most programs pack the folder that holds the class folders, and not only these.</summary>
    private void LeaveOutSingleFolders()
    {
        while (_files.Find(file => file.IsNamedAsImage) is { } first && first.Path.IndexOf('/', StringComparison.Ordinal) is var length and > 0)
        {
            var folder = first.Path[..(length + 1)];
            if (_files.Exists(file => file.IsNamedAsImage && !file.Path.StartsWith(folder, StringComparison.Ordinal))) return;
            for (var i = 0; i < _files.Count; i++)
            {
                if (_files[i].IsNamedAsImage) _files[i] = _files[i] with { Path = _files[i].Path[folder.Length..] };
            }
        }
    }

    /// <param name="Name">As first written.</param>
    /// <param name="Number">From 1; 0 is the top.</param>
    private readonly record struct Place(string Name, bool IsFolder, int Number);
}
