namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator Pad = new("pad");
            private static readonly Native.Operator OneHot = new("one_hot");
            private static readonly Native.Operator Nearest2d = new("upsample_nearest2d", "vec");
            private static readonly Native.Operator Bilinear2d = new("upsample_bilinear2d", "vec");
            private static readonly Native.Operator Bicubic2d = new("upsample_bicubic2d", "vec");

            /// <summary>Resizes N × C × H × W images to a size or by a factor.</summary>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false)
            {
                // A recomputed factor is what libtorch computes from the sizes.
                if (recompute_scale_factor && scale_factor is not null)
                {
                    size = [.. x.shape.Skip(2).Zip(scale_factor, (length, factor) => (long)Math.Floor(length * factor))];
                    scale_factor = null;
                }
                return mode switch
                {
                    InterpolationMode.Nearest => Nearest2d.Call(x, size, scale_factor),
                    InterpolationMode.Bilinear => Bilinear2d.Call(x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Bicubic => Bicubic2d.Call(x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Area when size is not null => adaptive_avg_pool2d(x, size),
                    _ => throw new ArgumentException($"cannot interpolate with {mode}; accepted are Nearest, Bilinear, Bicubic, and Area with a size", nameof(mode)),
                };
            }

            /// <param name="pad">(left, right, top, bottom, …), the last dimension first.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => Pad.Call(
                input, pad,
                mode switch
                {
                    PaddingModes.Reflect => "reflect",
                    PaddingModes.Replicate => "replicate",
                    PaddingModes.Circular => "circular",
                    _ => "constant",
                },
                mode is PaddingModes.Constant or PaddingModes.Zeros ? value : Native.Argument.None);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => OneHot.Call(x, num_classes);
        }
    }
}
