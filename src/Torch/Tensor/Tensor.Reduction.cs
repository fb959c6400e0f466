using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Sums, extremes, moments and norms.</summary>
    public partial class Tensor
    {
        private static readonly Operator SumAll = new("sum");
        private static readonly Operator SumDims = new("sum", "dim_IntList");
        private static readonly Operator MeanAll = new("mean");
        private static readonly Operator MeanDims = new("mean", "dim");
        private static readonly Operator VarAll = new("var");
        private static readonly Operator VarDims = new("var", "dim");
        private static readonly Operator StdAll = new("std");
        private static readonly Operator StdDims = new("std", "dim");
        private static readonly Operator Prod = new("prod");
        private static readonly Operator MaxAll = new("max");
        private static readonly Operator MaxDim = new("max", "dim");
        private static readonly Operator MinAll = new("min");
        private static readonly Operator MinDim = new("min", "dim");
        private static readonly Operator Amax = new("amax");
        private static readonly Operator Amin = new("amin");
        private static readonly Operator Argmax = new("argmax");
        private static readonly Operator Argmin = new("argmin");
        private static readonly Operator AllOperator = new("all");
        private static readonly Operator AllDim = new("all", "dim");
        private static readonly Operator AnyOperator = new("any");
        private static readonly Operator AnyDim = new("any", "dim");
        private static readonly Operator Norm = new("norm", "Scalar");
        private static readonly Operator NormDims = new("norm", "ScalarOpt_dim");
        private static readonly Operator CumulativeSum = new("cumsum");
        private static readonly Operator CountNonzero = new("count_nonzero");
        private static readonly Operator CountNonzeroDims = new("count_nonzero", "dim_IntList");
        private static readonly Operator Bincount = new("bincount");
        private static readonly Operator LogSumExp = new("logsumexp");
        private static readonly Operator Sort = new("sort");
        private static readonly Operator SortStable = new("sort", "stable");
        private static readonly Operator Argsort = new("argsort");
        private static readonly Operator Topk = new("topk");

        public Tensor sum(ScalarType? type = null) => SumAll.Call(this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => SumDims.Call(this, dim.ToArray(), keepdim, type);

        public Tensor mean() => MeanAll.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => MeanDims.Call(this, dimensions, keepdim, type);

        public Tensor var(bool unbiased = true) => VarAll.Call(this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(VarDims.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor std(bool unbiased = true) => StdAll.Call(this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(StdDims.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor prod(ScalarType? type = null) => Prod.Call(this, type);

        public Tensor max() => MaxAll.Call(this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => MaxDim.CallForTwo(this, dim, keepdim);

        public Tensor min() => MinAll.Call(this);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => MinDim.CallForTwo(this, dim, keepdim);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false) => Amax.Call(this, dims.ToArray(), keepdim);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false) => Amin.Call(this, dims.ToArray(), keepdim);

        public Tensor argmax() => Argmax.Call(this);

        public Tensor argmax(long dim, bool keepdim = false) => Argmax.Call(this, dim, keepdim);

        public Tensor argmin() => Argmin.Call(this);

        public Tensor argmin(long dim, bool keepdim = false) => Argmin.Call(this, dim, keepdim);

        public Tensor all() => AllOperator.Call(this);

        public Tensor all(long dim, bool keepdim = false) => AllDim.Call(this, dim, keepdim);

        public Tensor any() => AnyOperator.Call(this);

        public Tensor any(long dim, bool keepdim = false) => AnyDim.Call(this, dim, keepdim);

        public Tensor norm(float p = 2.0f) => Norm.Call(this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => NormDims.Call(this, (double)p, new long[] { dim }, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => CumulativeSum.Call(this, dim, type);

        public Tensor count_nonzero(long[]? dims = null) => dims is null ? CountNonzero.Call(this) : CountNonzeroDims.Call(this, dims);

        public Tensor bincount(Tensor? weights = null, long minlength = 0) => Bincount.Call(this, weights, minlength);

        public Tensor logsumexp(long dim, bool keepdim = false) => LogSumExp.Call(this, new[] { dim }, keepdim);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            stable ? SortStable.CallForTwo(this, stable, dim, descending) : Sort.CallForTwo(this, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Argsort.Call(this, dim, descending);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Topk.CallForTwo(this, (long)k, (long)dim, largest, sorted);

        private static Tensor Typed(Tensor result, ScalarType? type) => type is { } wanted ? result.to(wanted, disposeAfter: true) : result;
    }
}
