using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>libtorch's version, such as "1.13.1".</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)nc_version())!;

    /// <summary>Threads that one operator may use.</summary>
    public static int get_num_threads() => nc_num_threads();

    /// <summary>Also bounds OpenBLAS, where libtorch uses it.</summary>
    public static void set_num_threads(int num) => NativeError.Check(nc_set_num_threads(num));

    public static int get_num_interop_threads() => nc_num_interop_threads();

    /// <summary>Can be set once, before any parallel work.</summary>
    public static void set_num_interop_threads(int num) => NativeError.Check(nc_set_num_interop_threads(num));
}
