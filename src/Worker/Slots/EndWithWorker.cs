using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>
/// In a slot's process: what the system can do so that it never outlives its worker, and goes before anything else when memory runs out. Everywhere the end of
/// standard input ends it too (<see cref="WorkerLine"/>).
/// </summary>
internal static partial class EndWithWorker
{
    private const int ParentDeathSignal = 1;
    private const nuint Kill = 9;

    /// <summary>Half of the machine's memory is added when the kernel compares how much each process has.</summary>
    private const string FirstWhenMemoryRunsOut = "500";

    public static void Arrange()
    {
        if (!OperatingSystem.IsLinux()) return;
        // The thread that started this process counts as its parent: SlotProcess keeps it. A kernel that refuses leaves the end of standard input.
        _ = Control(ParentDeathSignal, Kill, 0, 0, 0);
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", FirstWhenMemoryRunsOut);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox: the kernel chooses by size alone.
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [SupportedOSPlatform("linux")]
    private static partial int Control(int option, nuint argument, nuint third, nuint fourth, nuint fifth);
}
