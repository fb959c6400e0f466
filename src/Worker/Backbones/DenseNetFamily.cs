using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Densely connected networks with bottlenecks and compression (DenseNet-BC), arXiv 1608.06993, with torchvision's names.
/// <c>densenet121</c>, <c>169</c> and <c>201</c> are torchvision's; the small one starts with a strided 3×3 convolution instead of 7×7 and pooling.
/// </summary>
internal sealed class DenseNetFamily : IBackboneFamily
{
    /// <summary>Bottleneck channels per channel of growth.</summary>
    private const long Bottleneck = 4;

    private const string LargeHead = "classifier";

    public string Name => "densenet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "densenet-small", Create = () => Small(stem: 24, growth: 12, [3, 4, 4]),
            Parameters = 90_468, FeatureWidth = 87, MultiplyAdds = 8_553_600, MinimumSize = 16,
        },
        new()
        {
            Name = "densenet121", Create = () => Large([6, 12, 24, 16]),
            Parameters = 6_953_856, FeatureWidth = 1024, MultiplyAdds = 2_833_137_664, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "densenet169", Create = () => Large([6, 12, 32, 32]),
            Parameters = 12_484_480, FeatureWidth = 1664, MultiplyAdds = 3_358_179_328, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "densenet201", Create = () => Large([6, 12, 48, 32]),
            Parameters = 18_092_928, FeatureWidth = 1920, MultiplyAdds = 4_289_445_888, NativeSize = 224, Head = LargeHead,
        },
    ];

    private static Module<Tensor, Tensor> Small(long stem, long growth, int[] depths) =>
        Network([("conv0", Conv(3, stem, 3, stride: 2))], stem, growth, depths);

    private static Module<Tensor, Tensor> Large(int[] depths) =>
        Network([("conv0", Conv(3, 64, 7, stride: 2)), ("pool0", MaxPool2d(3, stride: 2, padding: 1))], stemWidth: 64, growth: 32, depths);

    private static Module<Tensor, Tensor> Network((string Name, Module<Tensor, Tensor> Layer)[] stem, long stemWidth, long growth, int[] depths)
    {
        List<(string, Module<Tensor, Tensor>)> features =
            [stem[0], ("norm0", BatchNorm2d(stemWidth)), ("relu0", ReLU(inplace: true)), .. stem[1..]];
        var width = stemWidth;
        for (var block = 1; block <= depths.Length; block++)
        {
            features.Add(($"denseblock{block}", DenseBlock(width, growth, depths[block - 1])));
            width += depths[block - 1] * growth;
            if (block == depths.Length)
                break;
            features.Add(($"transition{block}", Transition(width, width / 2)));
            width /= 2;
        }

        features.Add(("norm5", BatchNorm2d(width)));
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
