using NeuralCapacitance.Domain.Backbones;
using static NeuralCapacitance.Worker.Backbones.KerasLayers;
using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Depthwise separable convolutions with residual connections, arXiv 1610.02357, as in Keras Applications. Keras' layer
/// <c>block2_sepconv1</c> is <c>block2.sepconv1.depthwise</c> and <c>.pointwise</c> here; the shortcuts' layers, which Keras leaves
/// unnamed, are <c>residual_conv</c> and <c>residual_bn</c>.
/// </summary>
internal sealed class XceptionFamily : IBackboneFamily
{
    public string Name => "xception";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "xception", Create = Network,
            Parameters = 20_806_952, FeatureWidth = 2048, MultiplyAdds = 8_355_355_496, MinimumSize = 71, NativeSize = 299,
            Head = Head, Scaling = PixelScaling.SymmetricUnit,
        },
    ];

    private static Module<Tensor, Tensor> Network() =>
        Sequential(
        [
            ("block1", Sequential(
                ("conv1", ValidConv(3, 32, 3, stride: 2)), ("conv1_bn", Norm(32)), ("conv1_act", ReLU(inplace: true)),
                ("conv2", ValidConv(32, 64, 3)), ("conv2_bn", Norm(64)), ("conv2_act", ReLU(inplace: true)))),
            ("block2", new Block(64, [128, 128], startsActive: true, shrinks: true)),
            ("block3", new Block(128, [256, 256], shrinks: true)),
            ("block4", new Block(256, [728, 728], shrinks: true)),
            .. Enumerable.Range(5, 8).Select(i => ($"block{i}", (Module<Tensor, Tensor>)new Block(728, [728, 728, 728]))),
            ("block13", new Block(728, [728, 1024], shrinks: true)),
            ("block14", Sequential(
                ("sepconv1", Separable(1024, 1536)), ("sepconv1_bn", Norm(1536)), ("sepconv1_act", ReLU(inplace: true)),
                ("sepconv2", Separable(1536, 2048)), ("sepconv2_bn", Norm(2048)), ("sepconv2_act", ReLU(inplace: true)))),
            .. PoolAndFlatten(),
        ]).GlorotConvolutions();

    private static Module<Tensor, Tensor> Separable(long inputs, long outputs) =>
        Sequential(("depthwise", Depthwise(inputs)), ("pointwise", ValidConv(inputs, outputs, 1)));

    /// <summary>ReLU, separable convolution and norm, twice or three times, and a shortcut around it all.</summary>
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly List<Module<Tensor, Tensor>> layers = [];
        private readonly Module<Tensor, Tensor>? residualConv;
        private readonly Module<Tensor, Tensor>? residualNorm;

        /// <param name="startsActive">The input has passed a ReLU already.</param>
        /// <param name="shrinks">Halves the size with a max pooling, and the shortcut's with a strided convolution.</param>
        public Block(long inputs, long[] widths, bool startsActive = false, bool shrinks = false)
            : base(nameof(Block))
        {
            if (shrinks)
            {
                residualConv = Register("residual_conv", ValidConv(inputs, widths[^1], 1, stride: 2));
                residualNorm = Register("residual_bn", Norm(widths[^1]));
            }

            for (var i = 1; i <= widths.Length; i++)
            {
                // The first must not work in place: the shortcut starts from the same tensor.
                if (i > 1 || !startsActive)
                    layers.Add(Register($"sepconv{i}_act", ReLU(inplace: i > 1)));
                layers.Add(Register($"sepconv{i}", Separable(inputs, widths[i - 1])));
                layers.Add(Register($"sepconv{i}_bn", Norm(widths[i - 1])));
                inputs = widths[i - 1];
            }

            if (shrinks)
                layers.Add(Register("pool", new SameMaxPool()));
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var y = layers.Aggregate(x, (input, layer) => layer.call(input));
            var shortcut = residualConv is null ? x : residualNorm!.call(residualConv.call(x));
            return y.add_(shortcut).MoveToOuterDisposeScope();
        }

        private Module<Tensor, Tensor> Register(string name, Module<Tensor, Tensor> layer)
        {
            register_module(name, layer);
            return layer;
        }
    }
}
