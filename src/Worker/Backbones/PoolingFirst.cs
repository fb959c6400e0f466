using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Layers in order, as in <c>torch.nn.Sequential</c>, except that a ReLU before a max pooling comes after it where gradients are recorded: the ReLU of the greatest is the
/// greatest of the ReLUs, and so are its gradients, bit for bit, on a quarter of the values. Elsewhere each has its turn, and who counts the units of ReLUs sees all of them.
/// </summary>
internal sealed class PoolingFirst(params Module<Tensor, Tensor>[] layers) : Sequential(layers)
{
    private readonly Module<Tensor, Tensor>[] order = InOrder(layers);

    public override Tensor forward(Tensor x) => is_grad_enabled() ? order.Aggregate(x, (maps, layer) => layer.call(maps)) : base.forward(x);

    private static Module<Tensor, Tensor>[] InOrder(Module<Tensor, Tensor>[] layers)
    {
        Module<Tensor, Tensor>[] swapped = [.. layers];
        for (var i = 1; i < swapped.Length; i++)
            if (swapped[i] is MaxPool2d && swapped[i - 1] is ReLU) (swapped[i - 1], swapped[i]) = (swapped[i], swapped[i - 1]);
        return swapped;
    }
}
