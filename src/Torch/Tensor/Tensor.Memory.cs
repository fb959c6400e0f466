using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Elements in memory.</summary>
    public unsafe partial class Tensor
    {
        /// <summary>
        /// The tensor's own memory, to read or write; setting copies in. Contiguous CPU tensors of less than 2 GiB only.
        /// The span must not outlive the tensor.
        /// </summary>
        public Span<byte> bytes
        {
            get
            {
                var count = NumberOfElements * ElementSize;
                if (count > int.MaxValue)
                {
                    throw new NotSupportedException($"{count} bytes do not fit a span; slice the tensor along its first dimension");
                }
                if (!is_contiguous())
                {
                    throw new InvalidOperationException("the elements do not lie one after the other; call contiguous() first");
                }
                return new Span<byte>(Data(), (int)count);
            }
            set
            {
                var own = bytes;
                if (value.Length != own.Length)
                {
                    throw new ArgumentException($"the tensor {this} holds {own.Length} bytes, not {value.Length}");
                }
                value.CopyTo(own);
            }
        }

        /// <summary>The elements as .NET numbers; T must match <see cref="dtype"/>. CPU tensors only.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (TypeOf<T>() != dtype)
            {
                throw new ArgumentException($"{typeof(T).Name} does not match the element type {dtype}");
            }
            return new(this);
        }

        /// <summary>The only element; T must match <see cref="dtype"/>.</summary>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"only a tensor with one element is a number; this one is {this}");
            }
            if (is_cpu())
            {
                return data<T>()[0];
            }
            using var copy = cpu();
            return copy.data<T>()[0];
        }

        /// <summary>The address of the first element.</summary>
        internal void* Data()
        {
            if (!is_cpu())
            {
                throw new InvalidOperationException($"the elements lie on {device}; call cpu() first");
            }
            var address = nc_tensor_data(Handle);
            GC.KeepAlive(this);
            return address;
        }
    }
}
