using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Comparison and logic; results are Boolean tensors.</summary>
    public partial class Tensor
    {
        private static readonly Operator EqTensor = new("eq", "Tensor");
        private static readonly Operator EqScalar = new("eq", "Scalar");
        private static readonly Operator NeTensor = new("ne", "Tensor");
        private static readonly Operator NeScalar = new("ne", "Scalar");
        private static readonly Operator LtTensor = new("lt", "Tensor");
        private static readonly Operator LtScalar = new("lt", "Scalar");
        private static readonly Operator LeTensor = new("le", "Tensor");
        private static readonly Operator LeScalar = new("le", "Scalar");
        private static readonly Operator GtTensor = new("gt", "Tensor");
        private static readonly Operator GtScalar = new("gt", "Scalar");
        private static readonly Operator GeTensor = new("ge", "Tensor");
        private static readonly Operator GeScalar = new("ge", "Scalar");
        private static readonly Operator IsNan = new("isnan");
        private static readonly Operator IsInf = new("isinf");
        private static readonly Operator IsFinite = new("isfinite");
        private static readonly Operator LogicalAnd = new("logical_and");
        private static readonly Operator LogicalOr = new("logical_or");
        private static readonly Operator LogicalNot = new("logical_not");
        private static readonly Operator AllClose = new("allclose");
        private static readonly Operator EqualOperator = new("equal");

        public Tensor eq(Tensor target) => EqTensor.Call(this, target);

        public Tensor eq(Scalar target) => EqScalar.Call(this, target);

        public Tensor ne(Tensor target) => NeTensor.Call(this, target);

        public Tensor ne(Scalar target) => NeScalar.Call(this, target);

        public Tensor lt(Tensor target) => LtTensor.Call(this, target);

        public Tensor lt(Scalar target) => LtScalar.Call(this, target);

        public Tensor le(Tensor target) => LeTensor.Call(this, target);

        public Tensor le(Scalar target) => LeScalar.Call(this, target);

        public Tensor gt(Tensor target) => GtTensor.Call(this, target);

        public Tensor gt(Scalar target) => GtScalar.Call(this, target);

        public Tensor ge(Tensor target) => GeTensor.Call(this, target);

        public Tensor ge(Scalar target) => GeScalar.Call(this, target);

        public Tensor isnan() => IsNan.Call(this);

        public Tensor isinf() => IsInf.Call(this);

        public Tensor isfinite() => IsFinite.Call(this);

        public Tensor logical_and(Tensor other) => LogicalAnd.Call(this, other);

        public Tensor logical_or(Tensor other) => LogicalOr.Call(this, other);

        public Tensor logical_not() => LogicalNot.Call(this);

        /// <summary>Whether |this − target| ≤ atol + rtol · |target| everywhere.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            AllClose.CallForBool(this, target, rtol, atol, equal_nan);

        /// <summary>Whether shapes and all elements are equal.</summary>
        public bool equal(Tensor target) => EqualOperator.CallForBool(this, target);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public static Tensor operator &(Tensor left, Tensor right) => left.logical_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.logical_or(right);

        public static Tensor operator ~(Tensor left) => left.logical_not();
    }
}
