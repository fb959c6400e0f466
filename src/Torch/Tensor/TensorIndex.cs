namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry between the brackets of an indexing expression.</summary>
    public readonly struct TensorIndex
    {
        internal enum Kind
        {
            Ellipsis,
            None,
            Single,
            Slice,
            Tensor,
        }

        private TensorIndex(Kind kind) => Type = kind;

        /// <summary>All dimensions that the other entries do not name: Python's <c>...</c>.</summary>
        public static TensorIndex Ellipsis => new(Kind.Ellipsis);

        /// <summary>A new dimension of size 1: Python's <c>None</c>.</summary>
        public static TensorIndex None => new(Kind.None);

        /// <summary>The whole dimension: Python's <c>:</c>.</summary>
        public static TensorIndex Colon => Slice();

        internal Kind Type { get; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal torch.Tensor? Indices { get; private init; }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Kind.Slice) { Start = start, Stop = stop, Step = step };

        public static TensorIndex Single(long? index) => new(Kind.Single) { Start = index };

        public static TensorIndex Tensor(torch.Tensor tensor) => new(Kind.Tensor) { Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(torch.Tensor tensor) => Tensor(tensor);

        public static implicit operator TensorIndex(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);
    }
}
