using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>The pieces that families share.</summary>
internal static class Layers
{
    /// <summary>A k×k convolution that keeps the size at stride 1 (odd k).</summary>
    public static Module<Tensor, Tensor> Conv(long inputs, long outputs, long kernel, long stride = 1, long groups = 1, bool bias = false) =>
        Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: bias);

    /// <summary>Layers in order, named <c>0</c>, <c>1</c>, … as in <c>torch.nn.Sequential</c>.</summary>
    public static Module<Tensor, Tensor> Chain(IEnumerable<Module<Tensor, Tensor>> layers) => Sequential(layers.ToArray());

    /// <summary>Feature maps, pooled to <paramref name="poolTo"/>×<paramref name="poolTo"/> and flattened, whatever the size of the image.</summary>
    public static (string Name, Module<Tensor, Tensor> Layer)[] PoolAndFlatten(long poolTo = 1) =>
        [("avgpool", new AveragePool(poolTo)), ("flatten", Flatten())];

    /// <summary><c>torch.nn.AdaptiveAvgPool2d</c>, which leaves maps of that size as they are: their averages are of one value each, and libtorch is slow at them.</summary>
    private sealed class AveragePool(long size) : Module<Tensor, Tensor>(nameof(AveragePool))
    {
        public override Tensor forward(Tensor maps)
            => maps.shape[2] == size && maps.shape[3] == size ? maps.alias() : functional.adaptive_avg_pool2d(maps, size);
    }
}
