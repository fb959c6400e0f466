using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients.</summary>
    public partial class Tensor
    {
        private static readonly Operator DetachOperator = new("detach");
        private static readonly Operator DetachInPlace = new("detach_");

        public bool requires_grad
        {
            get
            {
                var result = NativeError.Check(nc_tensor_requires_grad(Handle)) != 0;
                GC.KeepAlive(this);
                return result;
            }
            set
            {
                NativeError.Check(nc_tensor_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public bool is_leaf
        {
            get
            {
                var result = NativeError.Check(nc_tensor_is_leaf(Handle)) != 0;
                GC.KeepAlive(this);
                return result;
            }
        }

        /// <summary>The accumulated gradient, or null before the first backward pass. Each read makes an owner of its own.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = nc_tensor_grad(Handle);
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                NativeError.Check(nc_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Makes a tensor that is no leaf keep its gradient.</summary>
        public void retain_grad()
        {
            NativeError.Check(nc_tensor_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>Adds the gradient of this scalar to the <see cref="grad"/> of every leaf that it depends on.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>The same values in the same memory, outside the graph.</summary>
        public Tensor detach() => DetachOperator.Call(this);

        public Tensor detach_()
        {
            DetachInPlace.Run(this);
            return this;
        }
    }
}
