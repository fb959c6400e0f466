using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Densely connected networks with bottlenecks and compression (DenseNet-BC), arXiv 1608.06993, with torchvision's names.
/// The small one starts with a strided 3×3 convolution instead of 7×7 and pooling.
/// </summary>
internal sealed class DenseNetFamily : IBackboneFamily
{
    /// <summary>Bottleneck channels per channel of growth.</summary>
    private const long Bottleneck = 4;

    public string Name => "densenet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "densenet-small", Create = () => Small(stem: 24, growth: 12, [3, 4, 4]),
            Parameters = 90_468, FeatureWidth = 87, MultiplyAdds = 8_553_600, MinimumSize = 16,
        },
    ];

    private static Module<Tensor, Tensor> Small(long stem, long growth, int[] depths)
    {
        List<(string, Module<Tensor, Tensor>)> features =
            [("conv0", Conv(3, stem, 3, stride: 2)), ("norm0", BatchNorm2d(stem)), ("relu0", ReLU(inplace: true))];
        var width = stem;
        for (var block = 1; block <= depths.Length; block++)
        {
            features.Add(($"denseblock{block}", DenseBlock(width, growth, depths[block - 1])));
            width += depths[block - 1] * growth;
            if (block == depths.Length)
                break;
            features.Add(($"transition{block}", Transition(width, width / 2)));
            width /= 2;
        }

        features.Add(($"norm{depths.Length + 2}", BatchNorm2d(width)));
        return Sequential([("features", Sequential(features.ToArray())), ("relu", ReLU(inplace: true)), .. PoolAndFlatten()])
            .KaimingConvolutions(FanInOut.FanIn);
    }

    private static Module<Tensor, Tensor> DenseBlock(long inputs, long growth, int depth) =>
        Sequential(Enumerable.Range(0, depth)
            .Select(i => ($"denselayer{i + 1}", (Module<Tensor, Tensor>)new DenseLayer(inputs + (i * growth), growth)))
            .ToArray());

    private static Module<Tensor, Tensor> Transition(long inputs, long outputs) =>
        Sequential(
            ("norm", BatchNorm2d(inputs)), ("relu", ReLU(inplace: true)), ("conv", Conv(inputs, outputs, 1)), ("pool", AvgPool2d(2)));

    /// <summary>Its input with <c>growth</c> new channels appended.</summary>
    private sealed class DenseLayer : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> norm1;
        private readonly Module<Tensor, Tensor> relu1;
        private readonly Module<Tensor, Tensor> conv1;
        private readonly Module<Tensor, Tensor> norm2;
        private readonly Module<Tensor, Tensor> relu2;
        private readonly Module<Tensor, Tensor> conv2;

        public DenseLayer(long inputs, long growth)
            : base(nameof(DenseLayer))
        {
            norm1 = BatchNorm2d(inputs);
            relu1 = ReLU(inplace: true);
            conv1 = Conv(inputs, Bottleneck * growth, 1);
            norm2 = BatchNorm2d(Bottleneck * growth);
            relu2 = ReLU(inplace: true);
            conv2 = Conv(Bottleneck * growth, growth, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var y = conv1.call(relu1.call(norm1.call(x)));
            y = conv2.call(relu2.call(norm2.call(y)));
            return cat([x, y], 1).MoveToOuterDisposeScope();
        }
    }
}
