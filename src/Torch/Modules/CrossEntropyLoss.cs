using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        /// <summary>−log softmax(input)[target], averaged or summed over the batch.</summary>
        public sealed class CrossEntropyLoss : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly Tensor? weight;
            private readonly long ignoreIndex;
            private readonly nn.Reduction reduction;

            internal CrossEntropyLoss(Tensor? weight, long ignoreIndex, nn.Reduction reduction)
                : base(nameof(CrossEntropyLoss))
            {
                this.weight = weight;
                this.ignoreIndex = ignoreIndex;
                this.reduction = reduction;
                register_buffer(nameof(weight), weight);
            }

            public override Tensor forward(Tensor input1, Tensor input2) =>
                nn.functional.cross_entropy(input1, input2, weight, ignoreIndex, reduction);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index ?? -100, reduction);
        }
    }
}
