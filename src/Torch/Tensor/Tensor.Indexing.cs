using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Choosing elements.</summary>
    public partial class Tensor
    {
        private static readonly Operator Select = new("select", "int");
        private static readonly Operator SliceOperator = new("slice", "Tensor");
        private static readonly Operator Narrow = new("narrow");
        private static readonly Operator Index = new("index", "Tensor");
        private static readonly Operator IndexPut = new("index_put_");
        private static readonly Operator IndexSelect = new("index_select");
        private static readonly Operator Gather = new("gather");
        private static readonly Operator ScatterValue = new("scatter_", "value");
        private static readonly Operator ScatterSource = new("scatter_", "src");
        private static readonly Operator MaskedSelect = new("masked_select");
        private static readonly Operator Nonzero = new("nonzero");

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Write(select(0, i1), value);
        }

        public Tensor this[long i1, long i2]
        {
            get => this[TensorIndex.Single(i1), TensorIndex.Single(i2)];
            set => Write(this[i1, i2], value);
        }

        public Tensor this[params TensorIndex[] indices]
        {
            get
            {
                var (view, chosen) = Viewed(indices);
                return chosen.Exists(tensor => tensor is not null) ? Index.Call(view, Argument.OptionalList([.. chosen])) : view;
            }
            set
            {
                var (view, chosen) = Viewed(indices);
                if (chosen.Exists(tensor => tensor is not null))
                {
                    IndexPut.Run(view, Argument.OptionalList([.. chosen]), value);
                }
                else
                {
                    view.copy_(value);
                }
            }
        }

        public Tensor select(long dim, long index) => Select.Call(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => SliceOperator.Call(this, dim, start, finish, step);

        public Tensor narrow(long dim, long start, long length) => Narrow.Call(this, dim, start, length);

        /// <summary>The slices along a dimension that the int64 vector names.</summary>
        public Tensor index_select(long dim, Tensor index) => IndexSelect.Call(this, dim, index);

        public Tensor gather(long dim, Tensor index) => Gather.Call(this, dim, index);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Do(ScatterSource, this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Scalar value) => Do(ScatterValue, this, dim, index, value);

        public Tensor masked_select(Tensor mask) => MaskedSelect.Call(this, mask);

        public Tensor nonzero() => Nonzero.Call(this);

        private static void Write(Tensor view, Tensor value)
        {
            using (view)
            {
                view.copy_(value);
            }
        }

        /// <summary>Applies what is a view (numbers, slices, new dimensions) and lists the index tensor of each dimension that is left.</summary>
        private (Tensor View, List<Tensor?> Chosen) Viewed(TensorIndex[] indices)
        {
            var view = Share();
            var chosen = new List<Tensor?>();
            var dimension = 0L;
            foreach (var index in indices)
            {
                switch (index.Type)
                {
                    case TensorIndex.Kind.Single:
                        Advance(ref view, view.select(dimension, index.Start ?? 0));
                        break;
                    case TensorIndex.Kind.Slice:
                        Advance(ref view, SliceOperator.Call(view, dimension++, index.Start, index.Stop, index.Step ?? 1));
                        chosen.Add(null);
                        break;
                    case TensorIndex.Kind.None:
                        Advance(ref view, view.unsqueeze(dimension++));
                        chosen.Add(null);
                        break;
                    case TensorIndex.Kind.Tensor:
                        chosen.Add(index.Indices);
                        dimension++;
                        break;
                    default:
                        var skipped = Dimensions - indices.Count(other => other.Type is not (TensorIndex.Kind.Ellipsis or TensorIndex.Kind.None));
                        chosen.AddRange(Enumerable.Repeat<Tensor?>(null, (int)skipped));
                        dimension += skipped;
                        break;
                }
            }
            return (view, chosen);
        }

        private static void Advance(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }
    }
}
