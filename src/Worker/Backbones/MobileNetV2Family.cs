using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Inverted residuals with linear bottlenecks, arXiv 1801.04381. <c>mobilenetv2</c> is torchvision's without its last linear
/// layer (the dropout before it stays); the small one has fewer and narrower blocks, and two strides less for 32×32 images.
/// </summary>
internal sealed class MobileNetV2Family : IBackboneFamily
{
    private static readonly Stage[] SmallStages = [new(1, 16, 1, 1), new(4, 24, 1, 2), new(4, 40, 3, 1), new(4, 80, 2, 2)];

    private static readonly Stage[] MobileNetV2Stages =
    [
        new(1, 16, 1, 1), new(6, 24, 2, 2), new(6, 32, 3, 2), new(6, 64, 4, 2), new(6, 96, 3, 1), new(6, 160, 3, 2), new(6, 320, 1, 1),
    ];

    public string Name => "mobilenet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "mobilenet-small", Create = () => Network(stem: 16, SmallStages, last: 160),
            Parameters = 131_840, FeatureWidth = 160, MultiplyAdds = 4_589_056, MinimumSize = 16,
        },
        new()
        {
            Name = "mobilenetv2", Create = () => Network(stem: 32, MobileNetV2Stages, last: 1280),
            Parameters = 2_223_872, FeatureWidth = 1280, MultiplyAdds = 299_494_272, NativeSize = 224, Head = "classifier.1",
        },
    ];

    private static Module<Tensor, Tensor> Network(long stem, Stage[] stages, long last)
    {
        List<Module<Tensor, Tensor>> features = [Sequential(ConvNormRelu6(3, stem, 3, stride: 2))];
        var inputs = stem;
        foreach (var stage in stages)
        {
            for (var i = 0; i < stage.Blocks; i++)
            {
                features.Add(new InvertedResidual(inputs, stage.Width, stage.Expansion, i == 0 ? stage.Stride : 1));
                inputs = stage.Width;
            }
        }

        features.Add(Sequential(ConvNormRelu6(inputs, last, 1)));
        return Sequential([("features", Chain(features)), .. PoolAndFlatten(), ("classifier", Sequential(Dropout(0.2)))])
            .KaimingConvolutions(FanInOut.FanOut);
    }

    private static Module<Tensor, Tensor>[] ConvNormRelu6(long inputs, long outputs, long kernel, long stride = 1, long groups = 1) =>
        [Conv(inputs, outputs, kernel, stride, groups), BatchNorm2d(outputs), ReLU6(inplace: true)];

    /// <summary>One row of the paper's table 2: expansion factor t, output width c, repeats n, stride s of the first block.</summary>
    private sealed record Stage(long Expansion, long Width, int Blocks, long Stride);

    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv;
        private readonly bool hasShortcut;

        public InvertedResidual(long inputs, long outputs, long expansion, long stride)
            : base(nameof(InvertedResidual))
        {
            var hidden = inputs * expansion;
            var layers = new List<Module<Tensor, Tensor>>();
            if (expansion != 1)
                layers.Add(Sequential(ConvNormRelu6(inputs, hidden, 1)));
            layers.Add(Sequential(ConvNormRelu6(hidden, hidden, 3, stride, groups: hidden)));
            layers.Add(Conv(hidden, outputs, 1));
            layers.Add(BatchNorm2d(outputs));
            conv = Chain(layers);
            hasShortcut = stride == 1 && inputs == outputs;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            if (!hasShortcut)
                return conv.call(x);
            using var scope = NewDisposeScope();
            return conv.call(x).add_(x).MoveToOuterDisposeScope();
        }
    }
}
