using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        /// <summary>input · weightᵀ + bias. Initialised as PyTorch does: weight first, then bias, both uniform on ±1/√(fan in).</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            private Parameter _weight;
            private Parameter? _bias;

            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
                : base(nameof(Linear))
            {
                in_features = inputSize;
                out_features = outputSize;
                _weight = new Parameter(empty([outputSize, inputSize], dtype, device));
                nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
                if (hasBias)
                {
                    _bias = new Parameter(empty([outputSize], dtype, device));
                    var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                    nn.init.uniform_(_bias, -bound, bound);
                }
                register_parameter(nameof(weight), _weight);
                register_parameter(nameof(bias), _bias);
            }

            public long in_features { get; }

            public long out_features { get; }

            /// <summary>out × in.</summary>
            public Parameter weight
            {
                get => _weight;
                set
                {
                    Replace(nameof(weight), value);
                    _weight = value;
                }
            }

            public Parameter? bias
            {
                get => _bias;
                set
                {
                    Replace(nameof(bias), value);
                    _bias = value;
                }
            }

            public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
