using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions of one element.</summary>
    public partial class Tensor
    {
        private static readonly Operator Absolute = new("abs");
        private static readonly Operator AbsoluteInPlace = new("abs_");
        private static readonly Operator Sqrt = new("sqrt");
        private static readonly Operator SqrtInPlace = new("sqrt_");
        private static readonly Operator Rsqrt = new("rsqrt");
        private static readonly Operator Square = new("square");
        private static readonly Operator Exp = new("exp");
        private static readonly Operator Log = new("log");
        private static readonly Operator Log1p = new("log1p");
        private static readonly Operator Sin = new("sin");
        private static readonly Operator Cos = new("cos");
        private static readonly Operator Tanh = new("tanh");
        private static readonly Operator Sigmoid = new("sigmoid");
        private static readonly Operator Relu = new("relu");
        private static readonly Operator ReluInPlace = new("relu_");
        private static readonly Operator Sign = new("sign");
        private static readonly Operator Floor = new("floor");
        private static readonly Operator Ceil = new("ceil");
        private static readonly Operator Round = new("round");
        private static readonly Operator Erfinv = new("erfinv_");
        private static readonly Operator Clamp = new("clamp");
        private static readonly Operator ClampInPlace = new("clamp_");
        private static readonly Operator Softmax = new("softmax", "int");
        private static readonly Operator LogSoftmax = new("log_softmax", "int");
        private static readonly Operator MaskedFill = new("masked_fill", "Scalar");
        private static readonly Operator MaskedFillInPlace = new("masked_fill_", "Scalar");
        private static readonly Operator MaximumOperator = new("maximum");
        private static readonly Operator MinimumOperator = new("minimum");

        public Tensor abs() => Absolute.Call(this);

        public Tensor abs_() => Do(AbsoluteInPlace, this);

        public Tensor sqrt() => Sqrt.Call(this);

        public Tensor sqrt_() => Do(SqrtInPlace, this);

        public Tensor rsqrt() => Rsqrt.Call(this);

        public Tensor square() => Square.Call(this);

        public Tensor exp() => Exp.Call(this);

        public Tensor log() => Log.Call(this);

        public Tensor log1p() => Log1p.Call(this);

        public Tensor sin() => Sin.Call(this);

        public Tensor cos() => Cos.Call(this);

        public Tensor tanh() => Tanh.Call(this);

        public Tensor sigmoid() => Sigmoid.Call(this);

        public Tensor relu() => Relu.Call(this);

        public Tensor relu_() => Do(ReluInPlace, this);

        public Tensor sign() => Sign.Call(this);

        public Tensor floor() => Floor.Call(this);

        public Tensor ceil() => Ceil.Call(this);

        public Tensor round() => Round.Call(this);

        public Tensor erfinv_() => Do(Erfinv, this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Clamp.Call(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Do(ClampInPlace, this, min, max);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Softmax.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmax.Call(this, dim, dtype);

        public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFill.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Do(MaskedFillInPlace, this, mask, value);

        public Tensor maximum(Tensor other) => MaximumOperator.Call(this, other);

        public Tensor minimum(Tensor other) => MinimumOperator.Call(this, other);
    }
}
