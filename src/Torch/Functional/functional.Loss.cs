namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Native.Operator CrossEntropy = new("cross_entropy_loss");
            private static readonly Native.Operator NegativeLogLikelihood = new("nll_loss_nd");
            private static readonly Native.Operator MeanSquaredError = new("mse_loss");

            /// <param name="input">N × C logits.</param>
            /// <param name="target">N class numbers (int64), or N × C probabilities.</param>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                CrossEntropy.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <param name="input">N × C log-probabilities.</param>
            /// <param name="target">N class numbers (int64).</param>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                NegativeLogLikelihood.Call(input, target, weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                MeanSquaredError.Call(input, target, (long)reduction);
        }
    }
}
