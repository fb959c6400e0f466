namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator MaxPool2d = new("max_pool2d");
            private static readonly Native.Operator AvgPool2d = new("avg_pool2d");
            private static readonly Native.Operator AdaptiveAvgPool2d = new("adaptive_avg_pool2d");

            // As in TorchSharp, strides default to 1 for an array of sizes and to the kernel size otherwise: pass them.
            public static Tensor max_pool2d(
                Tensor input, long[] kernelSize, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                MaxPool2d.Call(input, kernelSize, strides ?? One, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernelSize], [stride ?? kernelSize], [padding ?? 0], [dilation ?? 1], ceil_mode);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernelSizes, long[]? strides = null, long[]? paddings = null, bool ceil_mode = false, bool count_include_pad = true) =>
                AvgPool2d.Call(input, kernelSizes, strides ?? One, paddings ?? Zero, ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(
                Tensor input, long kernelSize, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) =>
                avg_pool2d(input, [kernelSize], [stride ?? kernelSize], [padding], ceil_mode, count_include_pad);

            /// <summary>Means over windows chosen so that the result is outputSize × outputSize.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long outputSize) => adaptive_avg_pool2d(input, [outputSize, outputSize]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] outputSize) => AdaptiveAvgPool2d.Call(input, outputSize);

            internal static Tensor AvgPool(
                Tensor input, long[] kernel, long[] stride, long[] padding, bool ceilMode, bool countIncludePad, long? divisor) =>
                AvgPool2d.Call(input, kernel, stride, padding, ceilMode, countIncludePad, divisor);
        }
    }
}
