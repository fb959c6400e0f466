namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator Conv2d = new("conv2d");
            private static readonly Native.Operator Conv2dPadding = new("conv2d", "padding");
            private static readonly Native.Operator LinearOperator = new("linear");
            private static readonly long[] Zero = [0];
            private static readonly long[] One = [1];

            /// <param name="input">N × in × H × W.</param>
            /// <param name="weight">out × in / groups × kH × kW.</param>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Conv2d.Call(input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Conv2dPadding.Call(input, weight, bias, strides ?? One, padding == Padding.Same ? "same" : "valid", dilation ?? One, groups);

            /// <summary>input · weightsᵀ + bias; weights are out × in.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => LinearOperator.Call(input, weights, bias);
        }
    }
}
