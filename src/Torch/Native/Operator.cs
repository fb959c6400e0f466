using System.Runtime.CompilerServices;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp.Native;

/// <summary>
/// An ATen operator by schema name and overload ("add", "Tensor"), looked up on first use and then called through its
/// cached handle. Arguments come in the schema's order, keyword-only ones included; trailing ones may be left out.
/// A call costs no managed allocation but its results.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int StackWords = 64;

    // Two threads may both look the operator up and then store the same meaning; the handle lives as long as the process.
    private nint handle;

    /// <summary>The single tensor that the operator returns.</summary>
    public torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return torch.Tensor.Own(result.Pointer);
    }

    /// <summary>For in-place operators: what they return is an argument already.</summary>
    public void Run(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, null, 0);

    public (torch.Tensor, torch.Tensor) CallForTwo(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (torch.Tensor.Own(results[0].Pointer), torch.Tensor.Own(results[1].Pointer));
    }

    public torch.Tensor[] CallForList(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        var handles = new ReadOnlySpan<nint>((void*)result.Pointer, result.Count);
        var tensors = new torch.Tensor[handles.Length];
        for (var k = 0; k < tensors.Length; k++)
        {
            tensors[k] = torch.Tensor.Own(handles[k]);
        }
        nc_free(result.Pointer);
        return tensors;
    }

    public bool CallForBool(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result.Int != 0;
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Words;
        }
        var values = stackalloc NativeValue[arguments.Length];
        var scratch = words <= StackWords ? stackalloc long[StackWords] : new long[words];
        fixed (long* start = scratch)
        {
            var free = start;
            for (var k = 0; k < arguments.Length; k++)
            {
                arguments[k].Write(values + k, free);
                free += arguments[k].Words;
            }
            if (handle == 0)
            {
                handle = NativeError.Check(nc_op_find("aten::" + name, overload));
            }
            NativeError.Check(nc_op_call(handle, values, arguments.Length, results, capacity));
        }
        foreach (ref readonly var argument in arguments)
        {
            argument.KeepAlive();
        }
    }
}
