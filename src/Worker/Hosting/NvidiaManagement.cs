using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>NVIDIA's management library, which comes with the driver. It needs no CUDA, and takes no memory of the GPU as a process that computes does.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("windows")]
internal static partial class NvidiaManagement
{
    private const string Library = "nvidia-ml";
    private const int Success = 0;

    static NvidiaManagement() => NativeLibrary.SetDllImportResolver(typeof(NvidiaManagement).Assembly, Resolve);

    /// <summary>Of the GPU that CUDA calls by this number, whatever <c>CUDA_VISIBLE_DEVICES</c> leaves of them.</summary>
    /// <returns>Null: there is no such GPU, or no driver that tells.</returns>
    public static MemoryUse? MemoryOf(int cudaIndex) => MemoryOf(cudaIndex, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));

    internal static MemoryUse? MemoryOf(int cudaIndex, string? visible)
    {
        try
        {
            if (Initialize() != Success) return null;
            try
            {
                return Find(cudaIndex, visible, out var gpu) && Memory(gpu, out var memory) == Success ? new((long)memory.Used, (long)memory.Total) : null;
            }
            finally
            {
                _ = Shutdown();
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    private static bool Find(int cudaIndex, string? visible, out IntPtr gpu)
    {
        gpu = IntPtr.Zero;
        if (string.IsNullOrEmpty(visible)) return HandleByIndex((uint)cudaIndex, out gpu) == Success;
        var names = visible.Split(',', StringSplitOptions.TrimEntries);
        if (cudaIndex >= names.Length) return false;
        return uint.TryParse(names[cudaIndex], out var index) ? HandleByIndex(index, out gpu) == Success : HandleByUuid(names[cudaIndex], out gpu) == Success;
    }

    private static IntPtr Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (!string.Equals(name, Library, StringComparison.Ordinal)) return IntPtr.Zero;
        return NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out var found) ? found : IntPtr.Zero;
    }

    [LibraryImport(Library, EntryPoint = "nvmlInit_v2")]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "nvmlShutdown")]
    private static partial int Shutdown();

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static partial int HandleByIndex(uint index, out IntPtr gpu);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByUUID", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HandleByUuid(string uuid, out IntPtr gpu);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    private static partial int Memory(IntPtr gpu, out MemoryInfo memory);

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
