using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// The residual networks for CIFAR-10 of He et al. 2015, arXiv 1512.03385, section 4.2: 6n + 2 layers, a 3×3 stem of 16 channels, three stages of n blocks
/// with 16, 32 and 64 channels, shortcuts without parameters (option A). Tensors are called as in the files that Y. Idelbayev published
/// (akamaster/pytorch_resnet_cifar10), so that these load. <see cref="ResNetFamily"/>'s small ones have a stem of stride 2 and 1×1 convolutions as shortcuts.
/// </summary>
internal sealed class CifarResNetFamily : IBackboneFamily
{
    private const int Stem = 16;
    private const int Stages = 3;
    private const int FeatureWidth = Stem << (Stages - 1);

    public string Name => "cifar-resnet";

    public IReadOnlyList<Backbone> Members { get; } = [.. new[] { 20, 32, 44, 56, 110 }.Select(Member)];

    private static Backbone Member(int depth)
    {
        var blocks = (depth - 2) / (2 * Stages);
        return new()
        {
            Name = $"cifar-resnet{depth}", Create = () => Network(blocks), Head = "linear",
            FeatureWidth = FeatureWidth, MinimumSize = 8,
            Parameters = (97_216 * blocks) - 22_576,

            // The stem, and 6n − 1 times as many as a whole convolution has: the first of two stages sees half the channels.
            MultiplyAdds = 442_368 + (2_359_296L * ((2 * Stages * blocks) - 1)),
        };
    }

    /// <summary>Convolutions start as the paper's (He et al., arXiv 1502.01852: normal, variance 2 / fan-in), which are the published files' too.</summary>
    private static Module<Tensor, Tensor> Network(int blocks)
    {
        List<(string, Module<Tensor, Tensor>)> layers = [("conv1", Conv(3, Stem, 3)), ("bn1", BatchNorm2d(Stem)), ("relu", ReLU(inplace: true))];
        for (var stage = 0; stage < Stages; stage++)
            layers.Add(($"layer{stage + 1}", Chain(Stage(stage, blocks))));
        layers.AddRange(PoolAndFlatten());
        return Sequential(layers.ToArray()).KaimingConvolutions(init.FanInOut.FanIn);
    }

    private static IEnumerable<Module<Tensor, Tensor>> Stage(int stage, int blocks) => Enumerable.Range(0, blocks)
        .Select(i => stage > 0 && i == 0 ? new PaddedBlock(Stem << (stage - 1), Stem << stage, stride: 2) : new PaddedBlock(Stem << stage, Stem << stage, stride: 1));

    /// <summary>Two 3×3 convolutions; where the size halves, the shortcut takes every second pixel and surrounds the channels with zero ones.</summary>
    private sealed class PaddedBlock : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1;
        private readonly Module<Tensor, Tensor> bn1;
        private readonly Module<Tensor, Tensor> relu;
        private readonly Module<Tensor, Tensor> conv2;
        private readonly Module<Tensor, Tensor> bn2;
        private readonly long stride;
        private readonly long added;

        public PaddedBlock(long inputs, long width, long stride)
            : base(nameof(PaddedBlock))
        {
            this.stride = stride;
            added = (width - inputs) / 2;
            conv1 = Conv(inputs, width, 3, stride);
            bn1 = BatchNorm2d(width);
            relu = ReLU(inplace: true);
            conv2 = Conv(width, width, 3);
            bn2 = BatchNorm2d(width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var y = bn2.call(conv2.call(relu.call(bn1.call(conv1.call(x)))));
            return relu.call(y.add_(stride == 1 ? x : Shortcut(x))).MoveToOuterDisposeScope();
        }

        private Tensor Shortcut(Tensor x)
        {
            var everySecond = TensorIndex.Slice(step: stride);
            return functional.pad(x[TensorIndex.Ellipsis, everySecond, everySecond], [0, 0, 0, 0, added, added]);
        }
    }
}
