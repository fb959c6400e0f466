using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        /// <summary>A convolution over N × in × H × W. Initialised as PyTorch does: weight first, then bias, both uniform on ±1/√(fan in).</summary>
        public sealed class Conv2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] strides;
            private readonly long[]? paddings;
            private readonly Padding paddingRule;
            private readonly long[] dilations;
            private readonly PaddingModes paddingMode;
            private readonly long[] border;

            internal Conv2d(
                long inChannels, long outChannels, (long, long) kernel, (long, long) stride, (long, long)? padding, Padding paddingRule,
                (long, long) dilation, long groups, bool bias, PaddingModes paddingMode, Device? device, ScalarType? dtype)
                : base(nameof(Conv2d))
            {
                if (inChannels % groups != 0 || outChannels % groups != 0)
                {
                    throw new ArgumentException($"{inChannels} input and {outChannels} output channels must both be multiples of {groups} groups");
                }
                in_channels = inChannels;
                out_channels = outChannels;
                this.groups = groups;
                strides = [stride.Item1, stride.Item2];
                paddings = padding is { } amount ? [amount.Item1, amount.Item2] : null;
                dilations = [dilation.Item1, dilation.Item2];
                this.paddingRule = paddingRule;
                this.paddingMode = paddingMode;
                border = Border([kernel.Item1, kernel.Item2]);
                weight = new Parameter(empty([outChannels, inChannels / groups, kernel.Item1, kernel.Item2], dtype, device));
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                register_parameter(nameof(weight), weight);
                if (bias)
                {
                    this.bias = new Parameter(empty([outChannels], dtype, device));
                    var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(weight).fanIn);
                    nn.init.uniform_(this.bias, -bound, bound);
                }
                register_parameter(nameof(bias), this.bias);
            }

            public long in_channels { get; }

            public long out_channels { get; }

            public long groups { get; }

            /// <summary>out × in / groups × kH × kW.</summary>
            public Parameter weight { get; }

            public Parameter? bias { get; }

            public override Tensor forward(Tensor input)
            {
                if (paddingMode != PaddingModes.Zeros)
                {
                    using var padded = nn.functional.pad(input, border, paddingMode);
                    return nn.functional.conv2d(padded, weight, bias, strides, null, dilations, groups);
                }
                return paddings is null
                    ? nn.functional.conv2d_padding(input, weight, bias, strides, paddingRule, dilations, groups)
                    : nn.functional.conv2d(input, weight, bias, strides, paddings, dilations, groups);
            }

            // The amounts for F.pad, the last dimension first; under "same", what is odd goes to the end, as in PyTorch.
            private long[] Border(long[] kernel)
            {
                var amounts = new long[4];
                for (var dimension = 0; dimension < 2; dimension++)
                {
                    var total = dilations[dimension] * (kernel[dimension] - 1);
                    var before = paddings?[dimension] ?? (paddingRule == Padding.Same ? total / 2 : 0);
                    var after = paddings?[dimension] ?? (paddingRule == Padding.Same ? total - before : 0);
                    amounts[2 * (1 - dimension)] = before;
                    amounts[(2 * (1 - dimension)) + 1] = after;
                }
                return amounts;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), Padding.Valid, (dilation, dilation), groups, bias, padding_mode, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride ?? (1, 1), padding ?? (0, 0), Padding.Valid, dilation ?? (1, 1), groups, bias, padding_mode, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), null, padding, (dilation, dilation), groups, bias, padding_mode, device, dtype);
        }
    }
}
