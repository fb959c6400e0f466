using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// What becomes of memory that native code has freed. glibc gives it back to the system at every step of a training, and gets it anew, page by page and zeroed,
/// at the next one: a sixth of a small network's time. So it is kept, for the thread that the process began with, on which slots train; other threads have heaps
/// of their own.
/// </summary>
internal static partial class FreedMemory
{
    /// <summary>Less than that free at the end of the heap is kept.</summary>
    private const int Kept = 512 << 20;

    /// <summary>Larger blocks are the system's own, and go back to it at once. More than this glibc does not take.</summary>
    private const int LargestInHeap = 32 << 20;

    /// <summary><c>M_TRIM_THRESHOLD</c>.</summary>
    private const int TrimThreshold = -1;

    /// <summary><c>M_MMAP_THRESHOLD</c>.</summary>
    private const int MapThreshold = -3;

    /// <summary>By which a user decides it; their own word stays.</summary>
    private static readonly string[] Settings = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];

    private static bool IsSetByUser => Settings.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>Lets this process keep some of it for the next step, where glibc is what frees. To be called before a training; again does no harm.</summary>
    public static void Keep()
    {
        if (OperatingSystem.IsLinux() && !IsSetByUser) KeepOnGlibc();
    }

    /// <summary>Gives back what is kept: after a training, and before memory is measured.</summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux()) GiveBackOnGlibc();
    }

    [SupportedOSPlatform("linux")]
    private static void KeepOnGlibc()
    {
        try
        {
            SetOption(TrimThreshold, Kept);
            SetOption(MapThreshold, LargestInHeap);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which frees as it likes.
        }
    }

    [SupportedOSPlatform("linux")]
    private static void GiveBackOnGlibc()
    {
        try
        {
            Trim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: nothing was kept for us.
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
