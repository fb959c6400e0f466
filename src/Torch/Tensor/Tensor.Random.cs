using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Random numbers written over the elements.</summary>
    public partial class Tensor
    {
        private static readonly Operator Uniform = new("uniform_");
        private static readonly Operator Normal = new("normal_");
        private static readonly Operator Bernoulli = new("bernoulli_", "float");

        /// <summary>Uniform on [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) => Do(Uniform, this, from, to, generator);

        public Tensor normal_(double mean = 0.0, double stddev = 1.0, Generator? generator = null) => Do(Normal, this, mean, stddev, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Do(Bernoulli, this, p, generator);
    }
}
