using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>Reads a small file in four calls of the system. .NET makes twice as many, and for the smallest images that is a fifth of the time.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFile
{
    private const int ReadOnly = 0;

    /// <summary>Who opens a pipe this way does not wait for its writer.</summary>
    private const int NoWaiting = 0x800;

    private const int CloseOnExec = 0x80000;

    /// <returns>
    /// The number of bytes that the whole file has; null where it has more than <paramref name="buffer"/> takes, or the system refused something: another way of
    /// reading finds out what.
    /// </returns>
    public static int? TryRead(string path, Span<byte> buffer)
    {
        var file = Open(path, ReadOnly | NoWaiting | CloseOnExec);
        if (file < 0) return null;
        try
        {
            fixed (byte* start = buffer)
                return Fill(file, start, buffer.Length);
        }
        finally
        {
            Close(file);
        }
    }

    /// <summary>The end of the file is where a read brings nothing: a disk that fails can end one early.</summary>
    private static int? Fill(int file, byte* start, int room)
    {
        for (var length = 0; length < room;)
        {
            switch (Read(file, start + length, (nuint)(room - length)))
            {
                case < 0:
                    return null;
                case 0:
                    return length;
                case var count:
                    length += (int)count;
                    break;
            }
        }
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
