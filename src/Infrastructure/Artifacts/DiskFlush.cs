using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>Makes what was written survive a power cut.</summary>
internal static class DiskFlush
{
    private const int ReadOnly = 0;

    public static void File(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// All that was written to the folder's file system, by whomever: of thousands of small files that is a fraction of the time of flushing one after
    /// the other (1 500 of 20 kB: 0.1 s against 4.7 s).
    /// </summary>
    public static void FileSystem(string path)
    {
        if (OperatingSystem.IsLinux()) OnFolder(path, SynchronizeFileSystem);
        else if (OperatingSystem.IsMacOS()) SynchronizeAll();
    }

    /// <summary>The names in the folder, a rename among them. .NET opens no folders, so this asks the system.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) OnFolder(path, Synchronize);
    }

    private static void OnFolder(string path, Func<int, int> flush)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw Failed(path);
        try
        {
            if (flush(descriptor) != 0) throw Failed(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string path) => new($"Cannot flush the folder {path} to disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static extern int SynchronizeFileSystem(int descriptor);

    [DllImport("libc", EntryPoint = "sync")]
    private static extern void SynchronizeAll();

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
