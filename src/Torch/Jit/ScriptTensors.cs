using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

/// <summary>Lists a script module's tensors under their dotted names.</summary>
internal static unsafe class ScriptTensors
{
    public static IReadOnlyList<(string Name, torch.Tensor Tensor)> Parameters(nint module) =>
        Collected(context => nc_script_parameters(module, &Collect, context));

    public static IReadOnlyList<(string Name, torch.Tensor Tensor)> Buffers(nint module) =>
        Collected(context => nc_script_buffers(module, &Collect, context));

    private static List<(string Name, torch.Tensor Tensor)> Collected(Func<nint, int> visit)
    {
        var found = new List<(string, torch.Tensor)>();
        var context = GCHandle.Alloc(found);
        try
        {
            NativeError.Check(visit(GCHandle.ToIntPtr(context)));
            return found;
        }
        finally
        {
            context.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static void Collect(nint context, byte* name, nint tensor) =>
        ((List<(string, torch.Tensor)>)GCHandle.FromIntPtr(context).Target!).Add((Marshal.PtrToStringUTF8((nint)name)!, torch.Tensor.Own(tensor)));
}
