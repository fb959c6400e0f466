using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>Three convolutions with pooling between them: the least that deserves the name, to have weak candidates.</summary>
internal sealed class PlainCnnFamily : IBackboneFamily
{
    public string Name => "cnn";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "cnn-small", Create = () => Network(width: 16, norm: false),
            Parameters = 23_584, FeatureWidth = 64, MultiplyAdds = 2_801_664, MinimumSize = 8,
        },
        new()
        {
            Name = "cnn-small-bn", Create = () => Network(width: 16, norm: true),
            Parameters = 23_696, FeatureWidth = 64, MultiplyAdds = 2_801_664, MinimumSize = 8,
        },
        new()
        {
            Name = "cnn-wide", Create = () => Network(width: 32, norm: false),
            Parameters = 93_248, FeatureWidth = 128, MultiplyAdds = 10_321_920, MinimumSize = 8,
        },
    ];

    private static Module<Tensor, Tensor> Network(long width, bool norm) => Sequential(
    [
        ("features", new PoolingFirst(
        [
            .. Convolution(3, width, norm), MaxPool2d(2),
            .. Convolution(width, 2 * width, norm), MaxPool2d(2),
            .. Convolution(2 * width, 4 * width, norm),
        ])),
        .. PoolAndFlatten(),
    ]);

    private static IEnumerable<Module<Tensor, Tensor>> Convolution(long inputs, long outputs, bool norm) => norm
        ? [Conv(inputs, outputs, 3), BatchNorm2d(outputs), ReLU(inplace: true)]
        : [Conv(inputs, outputs, 3, bias: true), ReLU(inplace: true)];
}
