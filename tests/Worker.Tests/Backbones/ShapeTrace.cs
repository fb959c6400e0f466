using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>What a backbone does to a batch of no images: every layer sees its true shape and nothing is computed.</summary>
internal sealed record ShapeTrace(long[] Features, long MultiplyAdds)
{
    public static ShapeTrace Of(Module<Tensor, Tensor> backbone, int size)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long multiplyAdds = 0;
        var hooks = backbone.modules()
            .OfType<Module<Tensor, Tensor>>()
            .Select(layer => (Layer: layer, Weight: WeightOf(layer)))
            .Where(pair => pair.Weight is not null)
            .Select(pair => pair.Layer.register_forward_hook((_, _, output) =>
            {
                // Per image: each element of the output costs the weights behind it.
                multiplyAdds += Product(output.shape[1..]) * Product(pair.Weight!.shape[1..]);
                return output;
            }))
            .ToArray();

        backbone.eval();
        var features = backbone.call(zeros(0, 3, size, size)).shape;
        foreach (var hook in hooks)
            hook.remove();
        return new(features, multiplyAdds);
    }

    private static Tensor? WeightOf(Module layer) => layer switch
    {
        TorchSharp.Modules.Conv2d conv => conv.weight,
        TorchSharp.Modules.Linear linear => linear.weight,
        _ => null,
    };

    private static long Product(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);
}
