using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

/// <summary>Lists what a script module is made of, under dotted names. The handles belong to the caller.</summary>
internal static unsafe class ScriptParts
{
    public static IReadOnlyList<(string Name, nint Tensor)> Parameters(nint module) =>
        Collected(context => nc_script_parameters(module, &Collect, context));

    public static IReadOnlyList<(string Name, nint Tensor)> Buffers(nint module) =>
        Collected(context => nc_script_buffers(module, &Collect, context));

    /// <summary>All descendants.</summary>
    public static IReadOnlyList<(string Name, nint Module)> Modules(nint module) =>
        Collected(context => nc_script_modules(module, &Collect, context));

    private static List<(string, nint)> Collected(Func<nint, int> visit)
    {
        var found = new List<(string, nint)>();
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
    private static void Collect(nint context, byte* name, nint handle) =>
        ((List<(string, nint)>)GCHandle.FromIntPtr(context).Target!).Add((Marshal.PtrToStringUTF8((nint)name)!, handle));
}
