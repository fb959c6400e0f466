using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>
/// In a process that computes: bounds the memory that it can allocate (<c>RLIMIT_DATA</c>: what it may write to and shares with nobody, which is what tensors are
/// made of, and not the mapped images). An allocation beyond fails like any other that finds no memory. On Windows the worker's job object does it.
/// </summary>
internal static unsafe partial class ProcessMemoryLimit
{
    private const int Data = 2;

    /// <summary>Whether such a bound is kept here.</summary>
    public static bool CanBeEnforced => OperatingSystem.IsLinux() || OperatingSystem.IsWindows();

    /// <summary>For good: a process cannot raise it again.</summary>
    /// <returns>Whether the system has taken it.</returns>
    public static bool Impose(long bytes) => OperatingSystem.IsLinux() && Set(bytes);

    [SupportedOSPlatform("linux")]
    private static bool Set(long bytes)
    {
        Limit limit;
        limit.Soft = limit.Hard = (nuint)bytes;
        return SetLimit(Data, &limit) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [SupportedOSPlatform("linux")]
    private static partial int SetLimit(int resource, Limit* limit);

    /// <summary><c>struct rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
