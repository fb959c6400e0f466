using NeuralCapacitance.Domain.Backbones;
using static NeuralCapacitance.Worker.Backbones.KerasLayers;
using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// The first MobileNet, depthwise and pointwise convolutions in turn, arXiv 1704.04861, at full width, as in Keras Applications and
/// with Keras' layer names.
/// </summary>
internal sealed class MobileNetFamily : IBackboneFamily
{
    /// <summary>Width and stride of the thirteen blocks.</summary>
    private static readonly (long Width, long Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    public string Name => "mobilenet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "mobilenet", Create = Network,
            Parameters = 3_206_976, FeatureWidth = 1024, MultiplyAdds = 567_716_352, NativeSize = 224,
            Head = Head, Scaling = PixelScaling.SymmetricUnit,
        },
    ];

    private static Module<Tensor, Tensor> Network()
    {
        long inputs = 32;
        List<(string, Module<Tensor, Tensor>)> layers =
            [("conv1_pad", new SamePadding()), ("conv1", ValidConv(3, inputs, 3, stride: 2)), .. NormRelu6("conv1", inputs)];
        for (var block = 1; block <= Blocks.Length; block++)
        {
            var (width, stride) = Blocks[block - 1];

            // Here Keras pads below and on the right whatever the size.
            if (stride > 1)
                layers.Add(($"conv_pad_{block}", ZeroPad2d((0, 1, 0, 1))));
            layers.Add(($"conv_dw_{block}", Depthwise(inputs, stride, padding: stride > 1 ? 0 : 1)));
            layers.AddRange(NormRelu6($"conv_dw_{block}", inputs));
            layers.Add(($"conv_pw_{block}", ValidConv(inputs, width, 1)));
            layers.AddRange(NormRelu6($"conv_pw_{block}", width));
            inputs = width;
        }

        return Sequential([.. layers, .. PoolAndFlatten(), ("dropout", Dropout(1e-3))]).GlorotConvolutions();
    }

    private static (string, Module<Tensor, Tensor>)[] NormRelu6(string name, long channels) =>
        [($"{name}_bn", Norm(channels)), ($"{name}_relu", ReLU6(inplace: true))];
}
