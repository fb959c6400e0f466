using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The runtime that spreads a tensor operation over the cores.</summary>
internal static partial class OpenMp
{
    /// <summary>
    /// Lets threads that wait for each other spin for some microseconds only, then sleep. Spinning on, which is the default, can cost far more than it
    /// saves where anything else wants the cores (docs/performance.md); sleeping at once halves the speed of small networks on an idle machine.
    /// An <c>OMP_WAIT_POLICY</c> or <c>GOMP_SPINCOUNT</c> of the user's own stays.
    /// </summary>
    /// <remarks>
    /// GNU's runtime, which Debian's libtorch uses, reads the variable once, when libtorch is loaded, and from C's environment, which .NET's copy does
    /// not reach.
    /// </remarks>
    public static void PreferShortSpinning()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is { Length: > 0 }) return;
        if (SetVariable("GOMP_SPINCOUNT", "10000", overwrite: 0) != 0)
            throw new InvalidOperationException($"GOMP_SPINCOUNT cannot be set: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
