using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>The order in which a batch of images lies in memory.</summary>
internal static class ImageLayout
{
    /// <summary>
    /// The same N×3×S×S tensor, on a CPU with the channels innermost. oneDNN then keeps that order from layer to layer, which made a
    /// training step 1.2 (plain CNNs) to 1.7 times (depthwise convolutions) as fast at 32×32, batch 64, one thread.
    /// </summary>
    public static Tensor FastestFor(Device device, Tensor images)
        => device.type == DeviceType.CPU ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
}
