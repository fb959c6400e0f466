using MathNet.Numerics.Distributions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>How torchvision draws the first weights. Batch norms start as the identity by default.</summary>
internal static class Initialization
{
    /// <summary>Kaiming-normal convolutions (He et al. 2015) with zero bias.</summary>
    public static Module<Tensor, Tensor> KaimingConvolutions(this Module<Tensor, Tensor> network, FanInOut fan)
    {
        using var _ = no_grad();
        foreach (var conv in network.modules().OfType<TorchSharp.Modules.Conv2d>())
        {
            kaiming_normal_(conv.weight, mode: fan, nonlinearity: NonlinearityType.ReLU);
            if (conv.bias is { } bias)
                zeros_(bias);
        }

        return network;
    }

    /// <summary>
    /// Convolutions from N(0, <paramref name="std"/>²), cut to −2 … 2: <c>torch.nn.init.trunc_normal_</c>, by the inverse of the cumulative distribution. TorchSharp's own
    /// has another deviation.
    /// </summary>
    public static Module<Tensor, Tensor> TruncatedNormalConvolutions(this Module<Tensor, Tensor> network, double std)
    {
        using var _ = no_grad();
        foreach (var conv in network.modules().OfType<TorchSharp.Modules.Conv2d>())
        {
            var (least, greatest) = (-2.0, 2.0);
            uniform_(conv.weight, (2 * Normal.CDF(0, std, least)) - 1, (2 * Normal.CDF(0, std, greatest)) - 1);
            conv.weight.erfinv_().mul_(std * Math.Sqrt(2)).clamp_(least, greatest);
        }

        return network;
    }

    /// <summary>Linear layers from N(0, <paramref name="std"/>²) with zero bias.</summary>
    public static Module<Tensor, Tensor> NormalLinears(this Module<Tensor, Tensor> network, double std)
    {
        using var _ = no_grad();
        foreach (var linear in network.modules().OfType<TorchSharp.Modules.Linear>())
        {
            normal_(linear.weight, 0, std);
            if (linear.bias is { } bias)
                zeros_(bias);
        }

        return network;
    }
}
