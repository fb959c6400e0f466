using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        public sealed class Flatten : nn.Module<Tensor, Tensor>
        {
            private readonly long start;
            private readonly long end;

            internal Flatten(long start, long end)
                : base(nameof(Flatten))
            {
                this.start = start;
                this.end = end;
            }

            public override Tensor forward(Tensor input) => input.flatten(start, end);
        }

        public sealed class Identity : nn.Module<Tensor, Tensor>
        {
            internal Identity()
                : base(nameof(Identity))
            {
            }

            public override Tensor forward(Tensor input) => input.Share();
        }

        /// <summary>In training, zeroes elements with probability p and divides the others by 1 − p.</summary>
        public sealed class Dropout : nn.Module<Tensor, Tensor>
        {
            private readonly double p;
            private readonly bool inplace;

            internal Dropout(double p, bool inplace)
                : base(nameof(Dropout))
            {
                this.p = p is >= 0 and <= 1 ? p : throw new ArgumentException($"a dropout probability lies in 0..1; {p} does not", nameof(p));
                this.inplace = inplace;
            }

            public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training, inplace);
        }

        /// <summary>Puts zeros around images.</summary>
        public sealed class ZeroPad2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] padding;

            internal ZeroPad2d(long[] padding)
                : base(nameof(ZeroPad2d)) => this.padding = padding;

            public override Tensor forward(Tensor input) => nn.functional.pad(input, padding);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);

            public static Identity Identity() => new();

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static ZeroPad2d ZeroPad2d(long padding) => new([padding, padding, padding, padding]);

            /// <param name="padding">Left, right, top, bottom.</param>
            public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4]);
        }
    }
}
