using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>
/// In a slot's process: what the system can do so that it never outlives its worker. Everywhere the end of standard input ends it too (<see cref="WorkerLine"/>).
/// </summary>
internal static partial class EndWithWorker
{
    private const int ParentDeathSignal = 1;
    private const nuint Kill = 9;

    public static void Arrange()
    {
        // The thread that started this process counts as its parent: SlotProcess keeps it. A kernel that refuses leaves the end of standard input.
        if (OperatingSystem.IsLinux()) _ = Control(ParentDeathSignal, Kill, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [SupportedOSPlatform("linux")]
    private static partial int Control(int option, nuint argument, nuint third, nuint fourth, nuint fifth);
}
