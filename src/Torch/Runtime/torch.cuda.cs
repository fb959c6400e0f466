using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static class cuda
    {
        /// <summary>Whether libtorch was built with CUDA and finds a device.</summary>
        public static bool is_available() => device_count() > 0;

        /// <exception cref="System.Runtime.InteropServices.ExternalException">The driver fails; with its message.</exception>
        public static int device_count() => NativeError.Check(nc_device_count((int)DeviceType.CUDA));

        /// <summary>Waits for all work on the device (default: the current one).</summary>
        public static void synchronize(Device? device = null) =>
            NativeError.Check(nc_synchronize((int)DeviceType.CUDA, device?.index ?? -1));
    }
}
