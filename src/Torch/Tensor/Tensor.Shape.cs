using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The same elements under another shape or order.</summary>
    public partial class Tensor
    {
        private static readonly Operator View = new("view");
        private static readonly Operator Reshape = new("reshape");
        private static readonly Operator Flatten = new("flatten", "using_ints");
        private static readonly Operator Unflatten = new("unflatten", "int");
        private static readonly Operator Permute = new("permute");
        private static readonly Operator Transpose = new("transpose", "int");
        private static readonly Operator TransposeMatrix = new("t");
        private static readonly Operator Squeeze = new("squeeze");
        private static readonly Operator SqueezeDim = new("squeeze", "dim");
        private static readonly Operator Unsqueeze = new("unsqueeze");
        private static readonly Operator Expand = new("expand");
        private static readonly Operator Repeat = new("repeat");
        private static readonly Operator RepeatInterleave = new("repeat_interleave", "self_int");
        private static readonly Operator Contiguous = new("contiguous");
        private static readonly Operator Alias = new("alias");
        private static readonly Operator Flip = new("flip");
        private static readonly Operator Roll = new("roll");
        private static readonly Operator Split = new("split", "Tensor");
        private static readonly Operator Chunk = new("chunk");
        private static readonly Operator Unbind = new("unbind", "int");

        public Tensor view(params long[] shape) => View.Call(this, shape);

        public Tensor reshape(params long[] shape) => Reshape.Call(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Flatten.Call(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes) => Unflatten.Call(this, dim, sizes);

        public Tensor permute(params long[] permutation) => Permute.Call(this, permutation);

        public Tensor transpose(long dim0, long dim1) => Transpose.Call(this, dim0, dim1);

        public Tensor t() => TransposeMatrix.Call(this);

        public Tensor T => t();

        public Tensor squeeze() => Squeeze.Call(this);

        public Tensor squeeze(long dim) => SqueezeDim.Call(this, dim);

        public Tensor unsqueeze(long dim) => Unsqueeze.Call(this, dim);

        public Tensor expand(params long[] sizes) => Expand.Call(this, sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor repeat(params long[] sizes) => Repeat.Call(this, sizes);

        public Tensor repeat_interleave(long repeats, long? dim = null) => RepeatInterleave.Call(this, repeats, dim);

        public Tensor contiguous() => Contiguous.Call(this);

        /// <summary>The same tensor under another object, inside the graph.</summary>
        public Tensor alias() => Alias.Call(this);

        public Tensor flip(params long[] dims) => Flip.Call(this, dims);

        public Tensor roll(long shifts, long dims) => Roll.Call(this, new[] { shifts }, new[] { dims });

        public Tensor[] split(long size, long dim = 0) => Split.CallForList(this, size, dim);

        public Tensor[] chunk(long chunks, long dim = 0) => Chunk.CallForList(this, chunks, dim);

        public Tensor[] unbind(long dim = 0) => Unbind.CallForList(this, dim);
    }
}
