using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>What libc flushes and .NET does not: folders, which .NET does not open, and whole file systems.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static partial class UnixDisk
{
    private const int ReadOnly = 0;

    /// <summary>The names in the folder.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void FlushFolder(string path) => OnFolder(path, Synchronize);

    /// <summary>All that was written to the folder's file system, by whomever.</summary>
    /// <inheritdoc cref="FlushFolder" path="/exception"/>
    [SupportedOSPlatform("linux")]
    [UnsupportedOSPlatform("macos")]
    public static void FlushFileSystem(string path) => OnFolder(path, SynchronizeFileSystem);

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

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SynchronizeFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
