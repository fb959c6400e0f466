using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The environment that native libraries read. On Unix .NET's is a copy, and what is set there they do not see.</summary>
internal static partial class CEnvironment
{
    /// <summary>Sets a variable that is not set.</summary>
    public static void SetDefault(string name, string value)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) SetOnUnix(name, value);
        else SetOfDotNet(name, value);
    }

    /// <summary>On Windows .NET's environment is the one that native libraries ask for.</summary>
    internal static void SetOfDotNet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    private static void SetOnUnix(string name, string value)
    {
        if (Set(name, value, overwrite: 0) != 0) throw new InvalidOperationException($"{name} cannot be set: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Set(string name, string value, int overwrite);
}
