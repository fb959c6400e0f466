using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        public sealed class MaxPool2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] kernel;
            private readonly long[] stride;
            private readonly long[] padding;
            private readonly long[] dilation;
            private readonly bool ceilMode;

            internal MaxPool2d(long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceilMode)
                : base(nameof(MaxPool2d))
            {
                this.kernel = kernel;
                this.stride = stride;
                this.padding = padding;
                this.dilation = dilation;
                this.ceilMode = ceilMode;
            }

            public override Tensor forward(Tensor input) => nn.functional.max_pool2d(input, kernel, stride, padding, dilation, ceilMode);
        }

        public sealed class AvgPool2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] kernel;
            private readonly long[] stride;
            private readonly long[] padding;
            private readonly bool ceilMode;
            private readonly bool countIncludePad;
            private readonly long? divisor;

            internal AvgPool2d(long[] kernel, long[] stride, long[] padding, bool ceilMode, bool countIncludePad, long? divisor)
                : base(nameof(AvgPool2d))
            {
                this.kernel = kernel;
                this.stride = stride;
                this.padding = padding;
                this.ceilMode = ceilMode;
                this.countIncludePad = countIncludePad;
                this.divisor = divisor;
            }

            public override Tensor forward(Tensor input) => nn.functional.AvgPool(input, kernel, stride, padding, ceilMode, countIncludePad, divisor);
        }

        public sealed class AdaptiveAvgPool2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] outputSize;

            internal AdaptiveAvgPool2d(long[] outputSize)
                : base(nameof(AdaptiveAvgPool2d)) => this.outputSize = outputSize;

            public override Tensor forward(Tensor input) => nn.functional.adaptive_avg_pool2d(input, outputSize);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new([kernel_size], [stride ?? kernel_size], [padding ?? 0], [dilation ?? 1], ceil_mode);

            public static MaxPool2d MaxPool2d(
                (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                new(Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)), Pair(dilation ?? (1, 1)), ceil_mode);

            public static AvgPool2d AvgPool2d(
                long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new([kernel_size], [stride ?? kernel_size], [padding ?? 0], ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new([outputSize, outputSize]);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new(Pair(outputSize));

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] outputSize) => new(outputSize);

            private static long[] Pair((long, long) sizes) => [sizes.Item1, sizes.Item2];
        }
    }
}
