using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The environment that native libraries read on Unix. .NET's is a copy, and what is set there they do not see.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static partial class CEnvironment
{
    /// <summary>Sets a variable that is not set.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Set(name, value, overwrite: 0) != 0) throw new InvalidOperationException($"{name} cannot be set: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Set(string name, string value, int overwrite);
}
