using static NeuralCapacitance.Worker.Backbones.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>Three convolutions with pooling between them: the least that deserves the name, to have a weak candidate.</summary>
internal sealed class PlainCnnFamily : IBackboneFamily
{
    public string Name => "cnn";

    public IReadOnlyList<Backbone> Members { get; } =
    [
        new()
        {
            Name = "cnn-small", Create = Small,
            Parameters = 23_584, FeatureWidth = 64, MultiplyAdds = 2_801_664, MinimumSize = 8,
        },
    ];

    private static Module<Tensor, Tensor> Small() =>
        Sequential(
        [
            ("features", Sequential(
                Conv(3, 16, 3, bias: true), ReLU(inplace: true), MaxPool2d(2),
                Conv(16, 32, 3, bias: true), ReLU(inplace: true), MaxPool2d(2),
                Conv(32, 64, 3, bias: true), ReLU(inplace: true))),
            .. PoolAndFlatten(),
        ]);
}
