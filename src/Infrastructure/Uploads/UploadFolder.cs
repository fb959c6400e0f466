using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>
/// The folder of uploaded data sets. What is under way lies in it under names that begin with a dot: the archive, which its receiver keeps
/// locked, and beside it the folder that it is unpacked to. A data set is whole or absent, because a rename makes it.
/// </summary>
internal sealed class UploadFolder(string root)
{
    private const string ArchiveEnding = ".zip";

    public string Root => root;

    public string PathOf(string name) => Path.Combine(root, name);

    public Staging Begin()
    {
        Directory.CreateDirectory(root);
        return new Staging(Path.Combine(root, $".{Guid.NewGuid():N}"));
    }

    /// <summary>Makes the data set of a folder of this one's parent.</summary>
    /// <returns>False: somebody else has made one of that name.</returns>
    public bool TryPublish(string folder, string name)
    {
        var path = PathOf(name);
        DiskFlush.Tree(folder);
        try
        {
            Directory.Move(folder, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            return false;
        }
        DiskFlush.Folder(root);
        return true;
    }

    /// <summary>Out of sight at once, and then out of the disk.</summary>
    /// <returns>False: somebody else has removed it.</returns>
    public bool Remove(string name)
    {
        if (Hide(name) is not { } hidden) return false;
        Directory.Delete(hidden, recursive: true);
        return true;
    }

    /// <summary>Out of sight, under a name that the sweep knows.</summary>
    /// <returns>The folder that is to be deleted; null: somebody else has removed it.</returns>
    public string? Hide(string name)
    {
        var hidden = Path.Combine(root, $".{Guid.NewGuid():N}");
        try
        {
            Directory.Move(PathOf(name), hidden);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        return hidden;
    }

    /// <summary>Removes what died half-way; what another process works on is locked, and stays.</summary>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<string> Sweep()
    {
        if (!Directory.Exists(root)) return [];
        var removed = new List<string>();
        foreach (var archive in Directory.GetFiles(root, $".*{ArchiveEnding}").Where(path => !IsLocked(path)))
        {
            new Staging(Path.ChangeExtension(archive, null)).Discard();
            removed.Add(archive);
        }
        // A folder is made after its archive, and goes before it: one that is alone was being removed.
        foreach (var folder in Directory.GetDirectories(root, ".*").Where(folder => !File.Exists(folder + ArchiveEnding)))
        {
            Directory.Delete(folder, recursive: true);
            removed.Add(folder);
        }
        return removed;
    }

    private static bool IsLocked(string path)
    {
        using var held = FileLock.TryAcquireExisting(path);
        return held is null;
    }

    /// <summary>One upload under way.</summary>
    internal sealed class Staging(string folder)
    {
        public string Folder => folder;

        private string Archive => folder + ArchiveEnding;

        /// <summary>Locked until it is disposed of.</summary>
        public FileStream CreateArchive() => new(Archive, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 17, FileOptions.Asynchronous);

        public void Discard()
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            File.Delete(Archive);
        }
    }
}
