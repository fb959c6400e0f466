using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Five convolutions, large kernels first, then linear layers behind dropout, arXiv 1404.5997. <c>alexnet</c> is torchvision's
/// without its last linear layer. The small one has a third of its widths, one linear layer, and 5×5 kernels where 32×32 images
/// have no room for 11×11.
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
        new()
        {
            Name = "alexnet", Create = Large,
            Parameters = 57_003_840, FeatureWidth = 4096, MultiplyAdds = 710_092_480, MinimumSize = 63, NativeSize = 224, Head = "classifier.6",
        },
    ];

    private static Module<Tensor, Tensor> Small() =>
        Sequential(
        [
            ("features", new PoolingFirst(
                Conv(3, 32, 5, stride: 2, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1),
                Conv(32, 64, 5, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1),
                Conv(64, 96, 3, bias: true), ReLU(inplace: true),
                Conv(96, 64, 3, bias: true), ReLU(inplace: true),
                Conv(64, 64, 3, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1))),
            .. PoolAndFlatten(poolTo: 2),
            ("classifier", Sequential(Dropout(0.5), Linear(256, 256), ReLU(inplace: true))),
        ]);

    private static Module<Tensor, Tensor> Large() =>
        Sequential(
        [
            ("features", new PoolingFirst(
                Conv2d(3, 64, 11, stride: 4, padding: 2), ReLU(inplace: true), MaxPool2d(3, stride: 2),
                Conv(64, 192, 5, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2),
                Conv(192, 384, 3, bias: true), ReLU(inplace: true),
                Conv(384, 256, 3, bias: true), ReLU(inplace: true),
                Conv(256, 256, 3, bias: true), ReLU(inplace: true), MaxPool2d(3, stride: 2))),
            .. PoolAndFlatten(poolTo: 6),
            ("classifier", Sequential(
                Dropout(0.5), Linear(256 * 6 * 6, 4096), ReLU(inplace: true),
                Dropout(0.5), Linear(4096, 4096), ReLU(inplace: true))),
        ]);
}
