using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Deep residual networks, arXiv 1512.03385. <c>resnet18</c>, <c>50</c>, <c>101</c> and <c>152</c> are torchvision's; the
/// small ones are the paper's CIFAR networks of 6n + 2 layers, but with stride 2 in the first convolution, a quarter of the multiply-adds.
/// </summary>
internal sealed class ResNetFamily : IBackboneFamily
{
    private const string LargeHead = "fc";

    private delegate Module<Tensor, Tensor> Block(long inputs, long width, long stride);

    public string Name => "resnet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "resnet8", Create = () => Small(blocks: 1, width: 16),
            Parameters = 77_392, FeatureWidth = 64, MultiplyAdds = 3_125_248, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet14", Create = () => Small(blocks: 2, width: 16),
            Parameters = 174_608, FeatureWidth = 64, MultiplyAdds = 6_664_192, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet20", Create = () => Small(blocks: 3, width: 16),
            Parameters = 271_824, FeatureWidth = 64, MultiplyAdds = 10_203_136, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet8-wide", Create = () => Small(blocks: 1, width: 32),
            Parameters = 307_360, FeatureWidth = 128, MultiplyAdds = 12_279_808, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet8-thin", Create = () => Small(blocks: 1, width: 8),
            Parameters = 19_624, FeatureWidth = 32, MultiplyAdds = 808_960, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet14-thin", Create = () => Small(blocks: 2, width: 8),
            Parameters = 44_040, FeatureWidth = 32, MultiplyAdds = 1_693_696, MinimumSize = 16,
        },
        new()
        {
            Name = "resnet18", Create = () => Large(Basic, expansion: 1, [2, 2, 2, 2]),
            Parameters = 11_176_512, FeatureWidth = 512, MultiplyAdds = 1_813_561_344, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            // What ML.NET packages as ResNet-18 (tools/mlnet_resnet18.py): a third block in the last stage.
            Name = "resnet18-mlnet", Create = () => Large(Basic, expansion: 1, [2, 2, 2, 3]),
            Parameters = 15_897_152, FeatureWidth = 512, MultiplyAdds = 2_044_772_352, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "resnet50", Create = () => Large(Bottleneck, BottleneckBlock.Expansion, [3, 4, 6, 3]),
            Parameters = 23_508_032, FeatureWidth = 2048, MultiplyAdds = 4_087_136_256, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "resnet101", Create = () => Large(Bottleneck, BottleneckBlock.Expansion, [3, 4, 23, 3]),
            Parameters = 42_500_160, FeatureWidth = 2048, MultiplyAdds = 7_799_357_440, NativeSize = 224, Head = LargeHead,
        },
        new()
        {
            Name = "resnet152", Create = () => Large(Bottleneck, BottleneckBlock.Expansion, [3, 8, 36, 3]),
            Parameters = 58_143_808, FeatureWidth = 2048, MultiplyAdds = 11_511_578_624, NativeSize = 224, Head = LargeHead,
        },
    ];

    private static Module<Tensor, Tensor> Basic(long inputs, long width, long stride) => new BasicBlock(inputs, width, stride);

    private static Module<Tensor, Tensor> Bottleneck(long inputs, long width, long stride) => new BottleneckBlock(inputs, width, stride);

    private static Module<Tensor, Tensor> Small(int blocks, long width) =>
        Network([("conv1", Conv(3, width, 3, stride: 2))], Basic, expansion: 1, width, [blocks, blocks, blocks]);

    private static Module<Tensor, Tensor> Large(Block block, long expansion, int[] depths) =>
        Network([("conv1", Conv(3, 64, 7, stride: 2)), ("maxpool", MaxPool2d(3, stride: 2, padding: 1))], block, expansion, width: 64, depths);

    private static Module<Tensor, Tensor> Network(
        (string Name, Module<Tensor, Tensor> Layer)[] stem, Block block, long expansion, long width, int[] depths)
    {
        List<(string, Module<Tensor, Tensor>)> layers = [stem[0], ("bn1", BatchNorm2d(width)), ("relu", ReLU(inplace: true)), .. stem[1..]];
        var inputs = width;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var stageWidth = width << stage;
            var blocks = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < depths[stage]; i++)
            {
                blocks.Add(block(inputs, stageWidth, stride: i == 0 && stage > 0 ? 2 : 1));
                inputs = stageWidth * expansion;
            }

            layers.Add(($"layer{stage + 1}", Chain(blocks)));
        }

        layers.AddRange(PoolAndFlatten());
        return Sequential(layers.ToArray()).KaimingConvolutions(FanInOut.FanOut);
    }
}
