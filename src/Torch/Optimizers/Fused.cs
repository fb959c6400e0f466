using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Whole optimizer steps in one pass over memory. False, with nothing changed, where the tensors are not of that kind (CUDA, float64, …).</summary>
internal static unsafe class Fused
{
    public static bool Sgd(Tensor[] parameters, Tensor[] gradients, Tensor[]? buffers, NativeSgd options)
    {
        fixed (nint* parameter = Handles(parameters), gradient = Handles(gradients), buffer = Handles(buffers))
        {
            var done = NativeError.Check(nc_sgd_step(parameter, gradient, buffer, parameters.Length, &options)) != 0;
            GC.KeepAlive((parameters, gradients, buffers));
            return done;
        }
    }

    public static bool Adam(Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] squares, Tensor[]? largest, NativeAdam options)
    {
        fixed (nint* parameter = Handles(parameters), gradient = Handles(gradients), mean = Handles(means), square = Handles(squares), maximum = Handles(largest))
        {
            var done = NativeError.Check(nc_adam_step(parameter, gradient, mean, square, maximum, parameters.Length, &options)) != 0;
            GC.KeepAlive((parameters, gradients, means, squares, largest));
            return done;
        }
    }

    private static nint[]? Handles(Tensor[]? tensors) => tensors is null ? null : Array.ConvertAll(tensors, tensor => tensor.Handle);
}
