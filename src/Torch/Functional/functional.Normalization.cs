namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator BatchNorm = new("batch_norm");
            private static readonly Native.Operator Dropout = new("dropout");
            private static readonly Native.Operator DropoutInPlace = new("dropout_");

            /// <summary>
            /// (input − mean) / √(variance + eps) · weight + bias per channel; in training with the batch's moments,
            /// which then move the running ones by <paramref name="momentum"/>.
            /// </summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>In training, zeroes elements with probability p and divides the others by 1 − p.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (!inplace)
                {
                    return Dropout.Call(input, p, training);
                }
                DropoutInPlace.Run(input, p, training);
                return input.Share();
            }

        }
    }
}
