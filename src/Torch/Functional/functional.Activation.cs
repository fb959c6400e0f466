namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator Hardtanh = new("hardtanh");
            private static readonly Native.Operator HardtanhInPlace = new("hardtanh_");

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().Share() : x.relu();

            /// <summary>min(max(x, 0), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false)
            {
                if (!inplace)
                {
                    return Hardtanh.Call(x, 0.0, 6.0);
                }
                HardtanhInPlace.Run(x, 0.0, 6.0);
                return x.Share();
            }

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);
        }
    }
}
