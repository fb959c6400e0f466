using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Copies, types and devices. A conversion to what the tensor is already copies nothing, but returns an object of its own to dispose.</summary>
    public partial class Tensor
    {
        private static readonly Operator ToDtype = new("to", "dtype");
        private static readonly Operator ToDevice = new("to", "device");
        private static readonly Operator Clone = new("clone");
        private static readonly Operator Copy = new("copy_");
        private static readonly Operator FillScalar = new("fill_", "Scalar");
        private static readonly Operator Zero = new("zero_");

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replacing(!copy && type == dtype ? Share() : ToDtype.Call(this, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replacing(!copy && type == dtype && IsOn(device) ? Share() : ToDevice.Call(this, device, type, non_blocking, copy), disposeAfter);

        public Tensor to(Tensor other, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(other.dtype, other.device, copy, disposeAfter, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu(bool disposeAfter = false, bool non_blocking = false) => to(CPU, disposeAfter: disposeAfter, non_blocking: non_blocking);

        public Tensor cuda(Device? device = null, bool disposeAfter = false, bool non_blocking = false) =>
            to(device ?? CUDA, disposeAfter: disposeAfter, non_blocking: non_blocking);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor clone() => Clone.Call(this);

        /// <summary>Overwrites the elements with the source's, converting type and device and broadcasting.</summary>
        public Tensor copy_(Tensor source, bool non_blocking = false) => Do(Copy, this, source, non_blocking);

        public Tensor fill_(Scalar value) => Do(FillScalar, this, value);

        public Tensor zero_() => Do(Zero, this);

        private bool IsOn(Device device) => device_type == device.type && (device.index < 0 || device_index == device.index);

        private Tensor Replacing(Tensor result, bool disposeAfter)
        {
            if (disposeAfter)
            {
                Dispose();
            }
            return result;
        }
    }
}
