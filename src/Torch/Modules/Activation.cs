using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        public sealed class ReLU : nn.Module<Tensor, Tensor>
        {
            private readonly bool inplace;

            internal ReLU(bool inplace)
                : base(nameof(ReLU)) => this.inplace = inplace;

            public override Tensor forward(Tensor input) => nn.functional.relu(input, inplace);
        }

        /// <summary>min(max(x, 0), 6).</summary>
        public sealed class ReLU6 : nn.Module<Tensor, Tensor>
        {
            private readonly bool inplace;

            internal ReLU6(bool inplace)
                : base(nameof(ReLU6)) => this.inplace = inplace;

            public override Tensor forward(Tensor input) => nn.functional.relu6(input, inplace);
        }

        public sealed class Softmax : nn.Module<Tensor, Tensor>
        {
            private readonly long dim;

            internal Softmax(long dim)
                : base(nameof(Softmax)) => this.dim = dim;

            public override Tensor forward(Tensor input) => input.softmax(dim);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

            public static Softmax Softmax(long dim) => new(dim);
        }
    }
}
