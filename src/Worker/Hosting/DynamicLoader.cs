using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>What .NET's <see cref="NativeLibrary"/> does not ask of the system's loader.</summary>
internal static partial class DynamicLoader
{
    private const int BindNow = 2;

    /// <summary>
    /// Loads a library and binds all that it takes from others, as Windows always does. .NET lets Unix bind a function at its first call, where a missing one ends
    /// the process.
    /// </summary>
    /// <returns>Whether nothing is missing.</returns>
    public static bool BindAll(string library)
        => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? Open(library, BindNow) != IntPtr.Zero : NativeLibrary.TryLoad(library, out _);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    private static partial IntPtr Open(string library, int mode);
}
