using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Tests.Training;

/// <summary>C's environment: .NET's is a copy.</summary>
[SupportedOSPlatform("linux")]
internal static class NativeEnvironment
{
    /// <summary>Null: it is not set.</summary>
    public static string? Read(string name) => Marshal.PtrToStringUTF8(Variable(name));

    [DllImport("libc", EntryPoint = "getenv"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Variable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
