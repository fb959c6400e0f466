using NeuralCapacitance.Domain.Backbones;
using static NeuralCapacitance.Worker.Backbones.KerasLayers;
using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Inception modules as the residuals of a residual network, arXiv 1602.07261, as in Keras Applications. Keras numbers most of the
/// layers in the order of their creation, which is the order of the state here too; those that have a name keep it:
/// <c>block35_1_conv</c> is <c>block35_1.conv</c>, <c>conv_7b_bn</c> is <c>conv_7b.bn</c>.
/// </summary>
internal sealed class InceptionResNetV2Family : IBackboneFamily
{
    public string Name => "inceptionresnet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "inceptionresnetv2", Create = Network,
            Parameters = 54_276_192, FeatureWidth = 1536, MultiplyAdds = 13_154_258_016, MinimumSize = 75, NativeSize = 299,
            Head = Head, Scaling = PixelScaling.SymmetricUnit,
        },
    ];

    private static Module<Tensor, Tensor> Network() =>
        Sequential(
        [
            ("stem", Chain([
                Unit(3, 32, 3, stride: 2, valid: true), Unit(32, 32, 3, valid: true), Unit(32, 64, 3), MaxPool2d(3, stride: 2),
                Unit(64, 80, 1), Unit(80, 192, 3, valid: true), MaxPool2d(3, stride: 2)])),
            ("mixed_5b", new Branches(
                [Unit(192, 96, 1)],
                [Unit(192, 48, 1), Unit(48, 64, 5)],
                [Unit(192, 64, 1), Unit(64, 96, 3), Unit(96, 96, 3)],
                [AvgPool2d(3, stride: 1, padding: 1, count_include_pad: false), Unit(192, 64, 1)])),
            .. Blocks("block35", 10, () => new Block(320, mixedChannels: 128, scale: 0.17, Mixed35())),
            ("mixed_6a", new Branches(
                [Unit(320, 384, 3, stride: 2, valid: true)],
                [Unit(320, 256, 1), Unit(256, 256, 3), Unit(256, 384, 3, stride: 2, valid: true)],
                [MaxPool2d(3, stride: 2)])),
            .. Blocks("block17", 20, () => new Block(1088, mixedChannels: 384, scale: 0.1, Mixed17())),
            ("mixed_7a", new Branches(
                [Unit(1088, 256, 1), Unit(256, 384, 3, stride: 2, valid: true)],
                [Unit(1088, 256, 1), Unit(256, 288, 3, stride: 2, valid: true)],
                [Unit(1088, 256, 1), Unit(256, 288, 3), Unit(288, 320, 3, stride: 2, valid: true)],
                [MaxPool2d(3, stride: 2)])),
            .. Blocks("block8", 9, () => new Block(2080, mixedChannels: 448, scale: 0.2, Mixed8())),
            ("block8_10", new Block(2080, mixedChannels: 448, scale: 1, Mixed8(), active: false)),
            ("conv_7b", Unit(2080, 1536, 1)),
            .. PoolAndFlatten(),
        ]).GlorotConvolutions();

    private static IEnumerable<(string, Module<Tensor, Tensor>)> Blocks(string name, int count, Func<Module<Tensor, Tensor>> create) =>
        Enumerable.Range(1, count).Select(i => ($"{name}_{i}", create()));

    private static Branches Mixed35() => new(
        [Unit(320, 32, 1)],
        [Unit(320, 32, 1), Unit(32, 32, 3)],
        [Unit(320, 32, 1), Unit(32, 48, 3), Unit(48, 64, 3)]);

    private static Branches Mixed17() => new(
        [Unit(1088, 192, 1)],
        [Unit(1088, 128, 1), Unit(128, 160, (1, 7)), Unit(160, 192, (7, 1))]);

    private static Branches Mixed8() => new(
        [Unit(2080, 192, 1)],
        [Unit(2080, 192, 1), Unit(192, 224, (1, 3)), Unit(224, 256, (3, 1))]);

    private static Module<Tensor, Tensor> Unit(long inputs, long outputs, long kernel, long stride = 1, bool valid = false) =>
        Unit(inputs, outputs, (kernel, kernel), stride, valid);

    /// <summary>Convolution, norm without scale, ReLU. Keeps the size unless it strides or is <paramref name="valid"/>.</summary>
    private static Module<Tensor, Tensor> Unit(long inputs, long outputs, (long H, long W) kernel, long stride = 1, bool valid = false) =>
        Sequential(
            ("conv", Conv2d(
                inputs, outputs, kernel, stride: (stride, stride), padding: valid ? (0, 0) : (kernel.H / 2, kernel.W / 2), bias: false)),
            ("bn", new ShiftNorm(outputs)),
            ("relu", ReLU(inplace: true)));

    /// <summary>Chains of layers over the same input, their outputs one after another in the channels.</summary>
    private sealed class Branches : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor>[] branches;

        public Branches(params Module<Tensor, Tensor>[][] chains)
            : base(nameof(Branches))
        {
            branches = [.. chains.Select(Chain)];
            for (var i = 0; i < branches.Length; i++)
                register_module($"branch_{i}", branches[i]);
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return cat([.. branches.Select(branch => branch.call(x))], 1).MoveToOuterDisposeScope();
        }
    }

    /// <summary>x + scale · conv(mixed(x)), and a ReLU.</summary>
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> mixed;
        private readonly Module<Tensor, Tensor> conv;
        private readonly double scale;
        private readonly bool active;

        public Block(long channels, long mixedChannels, double scale, Branches mixed, bool active = true)
            : base(nameof(Block))
        {
            this.scale = scale;
            this.active = active;
            this.mixed = mixed;
            conv = ValidConv(mixedChannels, channels, 1, bias: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var y = conv.call(mixed.call(x)).mul_(scale).add_(x);
            return (active ? y.relu_() : y).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Batch norm that shifts and does not scale: the ReLU and the next convolution make a scale superfluous.</summary>
    private sealed class ShiftNorm : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter bias;
        private readonly Tensor running_mean;
        private readonly Tensor running_var;

        public ShiftNorm(long channels)
            : base(nameof(ShiftNorm))
        {
            bias = new TorchSharp.Modules.Parameter(zeros(channels));
            running_mean = zeros(channels);
            running_var = ones(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) =>
            functional.batch_norm(x, running_mean, running_var, weight: null, bias, training, Momentum, Epsilon);
    }
}
