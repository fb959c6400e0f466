using TorchSharp.Modules;
using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones.NasBench201;

/// <summary>
/// The benchmark's skeleton around a cell, with its parameter names: a 3×3 convolution, three stages of five cells with 16, 32 and 64
/// channels, between them residual blocks that halve the size, then batch norm, ReLU and global pooling.
/// </summary>
internal static class Network
{
    public const int FeatureWidth = 64;
    public const int NativeSize = 32;

    /// <summary>The last stage still sees 2×2.</summary>
    public const int MinimumSize = 8;

    private const int CellsPerStage = 5;
    private static readonly long[] Widths = [16, 32, FeatureWidth];

    public static Module<Tensor, Tensor> Create(Architecture architecture)
    {
        var cells = new List<Module<Tensor, Tensor>>();
        for (var stage = 0; stage < Widths.Length; stage++)
        {
            if (stage > 0)
                cells.Add(new Reduction(Widths[stage - 1], Widths[stage]));
            for (var i = 0; i < CellsPerStage; i++)
                cells.Add(new Cell(architecture, Widths[stage]));
        }

        return Sequential(
        [
            ("stem", Sequential(Conv(3, Widths[0], 3), BatchNorm2d(Widths[0]))),
            ("cells", Chain(cells)),
            ("lastact", Sequential(BatchNorm2d(FeatureWidth), ReLU(inplace: true))),
            .. PoolAndFlatten(),
        ]);
    }

    /// <summary>Trainable parameters, without the classifier. A formula, so that asking draws no random numbers.</summary>
    public static long Parameters(Architecture architecture) => Total(
        architecture, (inputs, outputs, kernel, _) => inputs * outputs * kernel * kernel, channels => 2 * channels);

    /// <summary>For one image of <see cref="NativeSize"/>.</summary>
    public static long MultiplyAdds(Architecture architecture) => Total(
        architecture, (inputs, outputs, kernel, size) => inputs * outputs * kernel * kernel * size * size, _ => 0);

    /// <summary>Adds up a cost of convolutions (inputs, outputs, kernel, side of the output) and one of batch norms (channels).</summary>
    private static long Total(Architecture architecture, Func<long, long, long, long, long> convolution, Func<long, long> norm)
    {
        var total = convolution(3, Widths[0], 3, NativeSize) + norm(Widths[0]) + norm(FeatureWidth);
        for (var stage = 0; stage < Widths.Length; stage++)
        {
            var (width, size) = (Widths[stage], NativeSize >> stage);
            total += CellsPerStage * (
                (architecture.Count(Operation.Conv1x1) * (convolution(width, width, 1, size) + norm(width)))
                + (architecture.Count(Operation.Conv3x3) * (convolution(width, width, 3, size) + norm(width))));
            if (stage > 0)
            {
                var inputs = Widths[stage - 1];
                total += convolution(inputs, width, 3, size) + convolution(width, width, 3, size) + (2 * norm(width)) + convolution(inputs, width, 1, size);
            }
        }

        return total;
    }

    /// <summary>The input may be another edge's too, so the ReLU must not work in place.</summary>
    private static Module<Tensor, Tensor> ReluConvNorm(long inputs, long outputs, long kernel, long stride = 1) =>
        Sequential(("op", Sequential(ReLU(), Conv(inputs, outputs, kernel, stride), BatchNorm2d(outputs))));

    private sealed class Cell : Module<Tensor, Tensor>
    {
        /// <summary>One per edge, in the order of the architecture's text.</summary>
        private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
        private readonly Architecture architecture;

        public Cell(Architecture architecture, long channels)
            : base(nameof(Cell))
        {
            this.architecture = architecture;
            foreach (var operation in architecture.Edges.SelectMany(node => node))
                layers.Add(Edge(operation, channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            List<Tensor> nodes = [x];
            var layer = 0;
            foreach (var edges in architecture.Edges)
            {
                Tensor? sum = null;
                for (var source = 0; source < edges.Count; source++, layer++)
                {
                    if (edges[source] == Operation.None)
                        continue;
                    var term = layers[layer].call(nodes[source]);
                    sum = sum is null ? term : sum + term;
                }

                nodes.Add(sum ?? zeros_like(x));
            }

            return nodes[^1].MoveToOuterDisposeScope();
        }

        private static Module<Tensor, Tensor> Edge(Operation operation, long channels) => operation switch
        {
            // Never called: it only keeps the numbers of the others.
            Operation.None => Identity(),
            Operation.Skip => Identity(),
            Operation.Conv1x1 => ReluConvNorm(channels, channels, 1),
            Operation.Conv3x3 => ReluConvNorm(channels, channels, 3),
            Operation.AvgPool3x3 => AvgPool2d(3, stride: 1, padding: 1, count_include_pad: false),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no operation of NAS-Bench-201"),
        };
    }

    /// <summary>A residual block that halves the size; its shortcut averages before a 1×1 convolution.</summary>
    private sealed class Reduction : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv_a;
        private readonly Module<Tensor, Tensor> conv_b;
        private readonly Module<Tensor, Tensor> downsample;

        public Reduction(long inputs, long outputs)
            : base(nameof(Reduction))
        {
            conv_a = ReluConvNorm(inputs, outputs, 3, stride: 2);
            conv_b = ReluConvNorm(outputs, outputs, 3);

            // Rounds up as the convolution does; the benchmark, whose images are 32×32, never meets an odd size.
            downsample = Sequential(AvgPool2d(2, stride: 2, ceil_mode: true), Conv(inputs, outputs, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return conv_b.call(conv_a.call(x)).add_(downsample.call(x)).MoveToOuterDisposeScope();
        }
    }
}
