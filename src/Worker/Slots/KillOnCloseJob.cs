using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>Windows ends the processes of this job when its only handle closes, which it does however this process ends.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class KillOnCloseJob : IDisposable
{
    private const int ExtendedLimits = 9;
    private const uint KillOnClose = 0x2000;
    private const uint BoundProcessMemory = 0x100;

    private readonly SafeFileHandle handle;

    /// <param name="memory">Bytes that each process may commit; null: no bound.</param>
    /// <exception cref="Win32Exception">The system makes none.</exception>
    public KillOnCloseJob(long? memory = null)
    {
        handle = Create(IntPtr.Zero, name: null);
        var limits = new Limits { Flags = memory is null ? KillOnClose : KillOnClose | BoundProcessMemory, ProcessMemory = (nuint)(memory ?? 0) };
        if (handle.IsInvalid || !SetInformation(handle, ExtendedLimits, ref limits, Marshal.SizeOf<Limits>())) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <exception cref="Win32Exception">The process has ended, or belongs to a job that allows no other.</exception>
    public void Add(Process process)
    {
        if (!Assign(handle, process.SafeHandle)) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public void Dispose() => handle.Dispose();

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial SafeFileHandle Create(IntPtr security, string? name);

    [LibraryImport("kernel32", EntryPoint = "SetInformationJobObject", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformation(SafeFileHandle job, int kind, ref Limits limits, int size);

    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Assign(SafeFileHandle job, SafeProcessHandle process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint LeastWorkingSet;
        public nuint MostWorkingSet;
        public uint MostProcesses;
        public nuint Affinity;
        public uint Priority;
        public uint Scheduling;
        public ulong Reads;
        public ulong Writes;
        public ulong Others;
        public ulong ReadBytes;
        public ulong WrittenBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }
}
