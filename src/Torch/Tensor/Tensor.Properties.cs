using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Shape, type, place.</summary>
    public unsafe partial class Tensor
    {
        private const int MaximalDimensions = 64;

        public long[] shape
        {
            get
            {
                var buffer = stackalloc long[MaximalDimensions];
                var count = NativeError.Check(nc_tensor_sizes(Handle, buffer, MaximalDimensions));
                GC.KeepAlive(this);
                return new ReadOnlySpan<long>(buffer, count).ToArray();
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        /// <summary>Steps, in elements, from one index to the next along each dimension.</summary>
        public long[] stride()
        {
            var buffer = stackalloc long[MaximalDimensions];
            var count = NativeError.Check(nc_tensor_strides(Handle, buffer, MaximalDimensions));
            GC.KeepAlive(this);
            return new ReadOnlySpan<long>(buffer, count).ToArray();
        }

        public long stride(long dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long Dimensions
        {
            get
            {
                var result = nc_tensor_dim(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long numel() => NumberOfElements;

        public long NumberOfElements
        {
            get
            {
                var result = nc_tensor_numel(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long ElementSize
        {
            get
            {
                var result = nc_tensor_element_size(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long element_size() => ElementSize;

        public ScalarType dtype
        {
            get
            {
                var result = (ScalarType)nc_tensor_dtype(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public DeviceType device_type
        {
            get
            {
                var result = (DeviceType)nc_tensor_device_type(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public int device_index
        {
            get
            {
                var result = nc_tensor_device_index(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_contiguous() => IsContiguous(memory_format.contiguous_format);

        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        /// <summary>Whether elements lie in memory in the order of the format.</summary>
        internal bool IsContiguous(memory_format format)
        {
            var result = NativeError.Check(nc_tensor_is_contiguous(Handle, (int)format)) != 0;
            GC.KeepAlive(this);
            return result;
        }
    }

    /// <summary>Orders of the elements in memory, with libtorch's numbers.</summary>
    public enum memory_format
    {
        contiguous_format = 0,
        preserve_format = 1,
        channels_last = 2,
        channels_last_3d = 3,
    }
}
