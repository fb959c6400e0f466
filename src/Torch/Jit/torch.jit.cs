using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>Loads a TorchScript module.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The file is missing or no TorchScript; with libtorch's message.</exception>
        public static ScriptModule load(string filename, DeviceType device_type = DeviceType.CPU, int device_index = -1) =>
            new(NativeError.Check(nc_script_load(filename, (int)device_type, device_index)));

        /// <summary>Loads a TorchScript module of one tensor input and one tensor output.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The file is missing or no TorchScript; with libtorch's message.</exception>
        public static ScriptModule<TInput, TResult> load<TInput, TResult>(string filename, DeviceType device_type = DeviceType.CPU, int device_index = -1)
            where TInput : Tensor where TResult : Tensor =>
            new(NativeError.Check(nc_script_load(filename, (int)device_type, device_index)));
    }
}
