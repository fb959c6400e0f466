namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>Makes what was written survive a power cut.</summary>
internal static class DiskFlush
{
    public static void File(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// All files and folders below a folder. Linux flushes the file system that they lie on: of thousands of small files that is a fraction of the time of
    /// flushing one after the other (1 500 of 20 kB: 0.1 s against 4.7 s).
    /// </summary>
    public static void Tree(string path)
    {
        if (OperatingSystem.IsLinux()) UnixDisk.FlushFileSystem(path);
        else OneByOne(path);
    }

    /// <summary>The names in the folder, a rename among them. Windows opens no folders for this; NTFS keeps its names in a journal.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) UnixDisk.FlushFolder(path);
    }

    /// <summary><see cref="Tree"/> where a file system cannot be flushed as a whole.</summary>
    internal static void OneByOne(string path)
    {
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)) File(file);
        foreach (var folder in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories)) Folder(folder);
        Folder(path);
    }
}
