using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe class autograd
    {
        /// <summary>
        /// Gradients of the outputs with respect to the inputs, in the order of the inputs.
        /// An unused input fails unless <paramref name="allow_unused"/>.
        /// </summary>
        /// <param name="grad_outputs">One vector per output for the vector-Jacobian product; scalars need none.</param>
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* output = Handles(outputs), seed = Handles(grad_outputs), input = Handles(inputs), result = results)
            {
                NativeError.Check(nc_grad(
                    output, seed, outputs.Count, input, inputs.Count, Flag(retain_graph || create_graph), Flag(create_graph), Flag(allow_unused), result));
            }
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return [.. results.Select(handle => handle == 0 ? null! : Tensor.Own(handle))];
        }

        /// <summary>Adds the gradients of the tensors to the <c>grad</c> of the leaves (or only of <paramref name="inputs"/>).</summary>
        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            fixed (nint* root = Handles(tensors), seed = Handles(grad_tensors), input = Handles(inputs))
            {
                NativeError.Check(nc_backward(
                    root, seed, tensors.Count, Flag(retain_graph ?? create_graph), Flag(create_graph), input, inputs?.Count ?? 0));
            }
            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        private static nint[]? Handles(IList<Tensor>? tensors) => tensors?.Select(tensor => tensor.Handle).ToArray();

        private static int Flag(bool value) => value ? 1 : 0;
    }
}
