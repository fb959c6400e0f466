using NeuralCapacitance.Domain.Backbones;
using TorchSharp;
using static NeuralCapacitance.Worker.Backbones.KerasLayers;
using static NeuralCapacitance.Worker.Backbones.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Residual networks with the norm before the convolution, arXiv 1603.05027, as in Keras Applications. Keras' layer
/// <c>conv2_block1_1_conv</c> is <c>conv2_block1.1_conv</c> here.
/// </summary>
internal sealed class ResNetV2Family : IBackboneFamily
{
    /// <summary>Keras has this one where it has 1e-3 elsewhere.</summary>
    private const double NormEpsilon = 1.001e-5;

    public string Name => "resnetv2";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        Member("resnet50v2", [3, 4, 6, 3], parameters: 23_519_360, multiplyAdds: 3_480_207_360),
        Member("resnet101v2", [3, 4, 23, 3], parameters: 42_528_896, multiplyAdds: 7_192_428_544),
        Member("resnet152v2", [3, 8, 36, 3], parameters: 58_187_904, multiplyAdds: 10_904_649_728),
    ];

    private static Backbone Member(string name, int[] depths, long parameters, long multiplyAdds) => new()
    {
        Name = name, Create = () => Network(depths), Parameters = parameters, FeatureWidth = 2048, MultiplyAdds = multiplyAdds,
        NativeSize = 224, Head = Head, Scaling = PixelScaling.SymmetricUnit,
    };

    private static Module<Tensor, Tensor> Network(int[] depths)
    {
        List<(string, Module<Tensor, Tensor>)> layers =
        [
            ("conv1_conv", Conv(3, 64, 7, stride: 2, bias: true)),

            // Zeros, unlike PyTorch's padding of a max pooling: they win over negative values, which no ReLU has cut off yet.
            ("pool1_pad", ZeroPad2d(1)), ("pool1_pool", MaxPool2d(3, stride: 2)),
        ];
        long inputs = 64;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var width = 64L << stage;
            for (var block = 1; block <= depths[stage]; block++)
            {
                // Keras strides in the last block of a stage, and not in the last stage.
                var stride = block == depths[stage] && stage < depths.Length - 1 ? 2 : 1;
                layers.Add(($"conv{stage + 2}_block{block}", new Block(inputs, width, stride, projects: block == 1)));
                inputs = 4 * width;
            }
        }

        layers.AddRange([("post_bn", Norm(inputs, NormEpsilon)), ("post_relu", ReLU(inplace: true)), .. PoolAndFlatten()]);
        return Sequential(layers.ToArray()).GlorotConvolutions();
    }

    /// <summary>Norm and ReLU, then 1×1 down, 3×3 with the stride, 1×1 up to four times the width, and a shortcut.</summary>
    private sealed class Block : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "preact_bn")]
        private readonly Module<Tensor, Tensor> norm0;
        [ComponentName(Name = "0_conv")]
        private readonly Module<Tensor, Tensor>? projection;
        [ComponentName(Name = "1_conv")]
        private readonly Module<Tensor, Tensor> conv1;
        [ComponentName(Name = "1_bn")]
        private readonly Module<Tensor, Tensor> norm1;
        [ComponentName(Name = "2_conv")]
        private readonly Module<Tensor, Tensor> conv2;
        [ComponentName(Name = "2_bn")]
        private readonly Module<Tensor, Tensor> norm2;
        [ComponentName(Name = "3_conv")]
        private readonly Module<Tensor, Tensor> conv3;
        private readonly Module<Tensor, Tensor> relu;
        private readonly Module<Tensor, Tensor>? subsampling;

        public Block(long inputs, long width, long stride, bool projects)
            : base(nameof(Block))
        {
            norm0 = Norm(inputs, NormEpsilon);
            projection = projects ? Conv(inputs, 4 * width, 1, stride, bias: true) : null;
            conv1 = Conv(inputs, width, 1);
            norm1 = Norm(width, NormEpsilon);
            conv2 = Conv(width, width, 3, stride);
            norm2 = Norm(width, NormEpsilon);
            conv3 = Conv(width, 4 * width, 1, bias: true);
            relu = ReLU(inplace: true);
            subsampling = !projects && stride > 1 ? MaxPool2d(1, stride: stride) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var active = relu.call(norm0.call(x));
            var shortcut = projection?.call(active) ?? subsampling?.call(x) ?? x;
            var y = relu.call(norm1.call(conv1.call(active)));
            y = relu.call(norm2.call(conv2.call(y)));
            return conv3.call(y).add_(shortcut).MoveToOuterDisposeScope();
        }
    }
}
