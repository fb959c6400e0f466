using System.Globalization;
using System.Runtime.InteropServices;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>What a GPU has, as its driver says. TorchSharp does not tell.</summary>
internal static unsafe class GpuMemory
{
    /// <summary>Bytes; null: it is no GPU, or the driver does not tell.</summary>
    public static long? Total(ComputeDevice device)
    {
        if (device.IsCpu || !int.TryParse(device.Name.AsSpan(device.Name.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return null;
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1", out var driver)) return null;
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out var init) || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var get) || !NativeLibrary.TryGetExport(driver, "cuDeviceTotalMem_v2", out var total)) return null;
        int handle;
        nuint bytes;
        return ((delegate* unmanaged<uint, int>)init)(0) == 0 && ((delegate* unmanaged<int*, int, int>)get)(&handle, index) == 0 && ((delegate* unmanaged<nuint*, int, int>)total)(&bytes, handle) == 0
            ? (long)bytes
            : null;
    }
}
