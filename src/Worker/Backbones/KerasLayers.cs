using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Layers as Keras Applications has them. Keras calls padding "same" when the output is the input divided by the stride and rounded up;
/// where that takes an odd number of rows, the odd one comes last, which PyTorch's symmetric padding cannot say.
/// </summary>
internal static class KerasLayers
{
    /// <summary>Keras' momentum, 0.99, is the weight of the old average; PyTorch's is that of the new value.</summary>
    public const double Momentum = 0.01;

    public const double Epsilon = 1e-3;

    /// <summary>The classifier that the published weights come with.</summary>
    public const string Head = "predictions";

    public static Module<Tensor, Tensor> Norm(long channels, double epsilon = Epsilon) => BatchNorm2d(channels, epsilon, Momentum);

    /// <summary>A k×k convolution without padding: Keras' "valid".</summary>
    public static Module<Tensor, Tensor> ValidConv(long inputs, long outputs, long kernel, long stride = 1, bool bias = false) =>
        Conv2d(inputs, outputs, kernel, stride: stride, bias: bias);

    /// <summary>A 3×3 convolution of each channel by itself.</summary>
    public static Module<Tensor, Tensor> Depthwise(long channels, long stride = 1, long padding = 1) =>
        Conv2d(channels, channels, 3, stride: stride, padding: padding, groups: channels, bias: false);

    /// <summary>Keras' first weights: Glorot-uniform kernels and zero biases.</summary>
    public static Module<Tensor, Tensor> GlorotConvolutions(this Module<Tensor, Tensor> network)
    {
        using var _ = no_grad();
        foreach (var conv in network.modules().OfType<TorchSharp.Modules.Conv2d>())
        {
            xavier_uniform_(conv.weight);
            if (conv.bias is { } bias)
                zeros_(bias);
        }

        return network;
    }
}

/// <summary>Zeros around the image, as a 3×3 convolution with stride 2 and Keras' padding "same" needs them.</summary>
internal sealed class SamePadding() : Module<Tensor, Tensor>(nameof(SamePadding))
{
    public override Tensor forward(Tensor x) => functional.pad(x, [x.shape[3] & 1, 1, x.shape[2] & 1, 1]);
}

/// <summary>3×3 max pooling with stride 2 and Keras' padding "same".</summary>
internal sealed class SameMaxPool() : Module<Tensor, Tensor>(nameof(SameMaxPool))
{
    /// <summary>At an even size the window that hangs over the end is cut, which is what <c>ceil_mode</c> does.</summary>
    public override Tensor forward(Tensor x) =>
        functional.max_pool2d(x, [3, 3], strides: [2, 2], padding: [x.shape[2] & 1, x.shape[3] & 1], ceil_mode: true);
}
