using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Five convolutions, large kernels first, then a linear layer behind dropout: AlexNet's plan (arXiv 1404.5997) at a third of
/// its widths, with 5×5 kernels where 32×32 images have no room for 11×11.
/// </summary>
internal sealed class AlexNetFamily : IBackboneFamily
{
    public string Name => "alexnet";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "alexnet-small", Create = Small,
            Parameters = 267_168, FeatureWidth = 256, MultiplyAdds = 6_316_032, MinimumSize = 16,
        },
    ];

    private static Module<Tensor, Tensor> Small() =>
        Sequential(
        [
            ("features", Sequential(
                Conv(3, 32, 5, stride: 2, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1),
                Conv(32, 64, 5, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1),
                Conv(64, 96, 3, bias: true), ReLU(inplace: true),
                Conv(96, 64, 3, bias: true), ReLU(inplace: true),
                Conv(64, 64, 3, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1))),
            .. PoolAndFlatten(poolTo: 2),
            ("classifier", Sequential(Dropout(0.5), Linear(256, 256), ReLU(inplace: true))),
        ]);
}
