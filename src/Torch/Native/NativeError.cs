using System.Runtime.InteropServices;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp.Native;

/// <summary>Turns the ABI's failure values into the exception that TorchSharp throws, with libtorch's own message.</summary>
internal static class NativeError
{
    /// <summary>Passes a non-negative status on.</summary>
    public static int Check(int status) => status < 0 ? throw Last() : status;

    /// <summary>Passes a handle on that must not be null.</summary>
    public static nint Check(nint handle) => handle == 0 ? throw Last() : handle;

    private static unsafe ExternalException Last() =>
        new(Marshal.PtrToStringUTF8((nint)nc_last_error()) ?? "libtorch gave no message");
}
