using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The runtime that spreads a tensor operation over the cores.</summary>
internal static partial class OpenMp
{
    /// <summary>
    /// Lets threads that wait for each other sleep instead of spin. Where anything else wants the cores, spinning costs far more than it saves: with
    /// two threads on two busy cores, a training step took 11 to 22 times as long. An <c>OMP_WAIT_POLICY</c> of the user's own stays.
    /// </summary>
    /// <remarks>The runtime reads the variable once, when libtorch is loaded, and from C's environment, which .NET's copy does not reach.</remarks>
    public static void PreferPassiveWaiting()
    {
        if (OperatingSystem.IsLinux() && SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 0) != 0)
            throw new InvalidOperationException($"OMP_WAIT_POLICY cannot be set: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
