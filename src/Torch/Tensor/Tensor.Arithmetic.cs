using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Arithmetic between tensors and numbers, broadcasting as PyTorch does.</summary>
    public partial class Tensor
    {
        private static readonly Operator AddTensor = new("add", "Tensor");
        private static readonly Operator AddScalar = new("add", "Scalar");
        private static readonly Operator AddTensorInPlace = new("add_", "Tensor");
        private static readonly Operator AddScalarInPlace = new("add_", "Scalar");
        private static readonly Operator SubTensor = new("sub", "Tensor");
        private static readonly Operator SubScalar = new("sub", "Scalar");
        private static readonly Operator SubTensorInPlace = new("sub_", "Tensor");
        private static readonly Operator SubScalarInPlace = new("sub_", "Scalar");
        private static readonly Operator MulTensor = new("mul", "Tensor");
        private static readonly Operator MulScalar = new("mul", "Scalar");
        private static readonly Operator MulTensorInPlace = new("mul_", "Tensor");
        private static readonly Operator MulScalarInPlace = new("mul_", "Scalar");
        private static readonly Operator DivTensor = new("div", "Tensor");
        private static readonly Operator DivScalar = new("div", "Scalar");
        private static readonly Operator DivTensorInPlace = new("div_", "Tensor");
        private static readonly Operator DivScalarInPlace = new("div_", "Scalar");
        private static readonly Operator RemainderTensor = new("remainder", "Tensor");
        private static readonly Operator RemainderScalar = new("remainder", "Scalar");
        private static readonly Operator ReverseSub = new("rsub", "Scalar");
        private static readonly Operator Reciprocal = new("reciprocal");
        private static readonly Operator Negative = new("neg");
        private static readonly Operator NegativeInPlace = new("neg_");
        private static readonly Operator PowTensor = new("pow", "Tensor_Tensor");
        private static readonly Operator PowScalar = new("pow", "Tensor_Scalar");
        private static readonly Operator PowScalarInPlace = new("pow_", "Scalar");
        private static readonly Operator AddcmulInPlace = new("addcmul_");
        private static readonly Operator AddcdivInPlace = new("addcdiv_");
        private static readonly Operator Addcmul = new("addcmul");
        private static readonly Operator Addcdiv = new("addcdiv");
        private static readonly Operator LerpScalar = new("lerp", "Scalar");
        private static readonly Operator LerpScalarInPlace = new("lerp_", "Scalar");

        public Tensor add(Tensor target) => AddTensor.Call(this, target);

        /// <summary>this + alpha · target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);

        public Tensor add_(Tensor target) => Do(AddTensorInPlace, this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Do(AddTensorInPlace, this, target, alpha);

        public Tensor add_(Scalar scalar) => Do(AddScalarInPlace, this, scalar);

        public Tensor sub(Tensor target) => SubTensor.Call(this, target);

        public Tensor sub(Tensor target, Scalar alpha) => SubTensor.Call(this, target, alpha);

        public Tensor sub(Scalar scalar) => SubScalar.Call(this, scalar);

        public Tensor sub_(Tensor target) => Do(SubTensorInPlace, this, target);

        public Tensor sub_(Tensor target, Scalar alpha) => Do(SubTensorInPlace, this, target, alpha);

        public Tensor sub_(Scalar scalar) => Do(SubScalarInPlace, this, scalar);

        public Tensor mul(Tensor target) => MulTensor.Call(this, target);

        public Tensor mul(Scalar scalar) => MulScalar.Call(this, scalar);

        public Tensor mul_(Tensor target) => Do(MulTensorInPlace, this, target);

        public Tensor mul_(Scalar scalar) => Do(MulScalarInPlace, this, scalar);

        public Tensor div(Tensor target) => DivTensor.Call(this, target);

        public Tensor div(Scalar target) => DivScalar.Call(this, target);

        public Tensor div_(Tensor target) => Do(DivTensorInPlace, this, target);

        public Tensor div_(Scalar target) => Do(DivScalarInPlace, this, target);

        public Tensor remainder(Tensor other) => RemainderTensor.Call(this, other);

        public Tensor remainder(Scalar scalar) => RemainderScalar.Call(this, scalar);

        public Tensor neg() => Negative.Call(this);

        public Tensor neg_() => Do(NegativeInPlace, this);

        public Tensor reciprocal() => Reciprocal.Call(this);

        public Tensor pow(Tensor exponent) => PowTensor.Call(this, exponent);

        public Tensor pow(Scalar exponent) => PowScalar.Call(this, exponent);

        public Tensor pow_(Scalar exponent) => Do(PowScalarInPlace, this, exponent);

        /// <summary>this + value · tensor1 · tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Do(AddcmulInPlace, this, tensor1, tensor2, value);

        /// <summary>this + value · tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Do(AddcdivInPlace, this, tensor1, tensor2, value);

        /// <summary>this + weight · (end − this).</summary>
        public Tensor lerp(Tensor end, Scalar weight) => LerpScalar.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Scalar weight) => Do(LerpScalarInPlace, this, end, weight);

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator -(Scalar left, Tensor right) => ReverseSub.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator /(Scalar left, Tensor right)
        {
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);

        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);

        /// <summary>Runs an in-place operator and returns its first argument's object, as TorchSharp does.</summary>
        private Tensor Do(Operator inPlace, params ReadOnlySpan<Argument> arguments)
        {
            inPlace.Run(arguments);
            return this;
        }
    }
}
