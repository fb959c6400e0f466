using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.EndToEnd.Processes;

/// <summary>By their numbers on Linux.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class Signals
{
    /// <exception cref="Win32Exception">No such process, or not ours.</exception>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static void Send(int process, Signal signal)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException($"{signal} is sent by its number on Linux.");
        if (Kill(process, (int)signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [SupportedOSPlatform("linux")]
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
