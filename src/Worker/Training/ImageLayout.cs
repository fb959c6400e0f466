using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
#if !TORCHSHARP
using TorchSharp.Extensions;
#endif

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// The order in which images, and the weights that meet them, lie in memory. On a CPU with the channels innermost: oneDNN then keeps
/// that order from layer to layer and reorders nothing in between. docs/performance.md has what it brings.
/// </summary>
internal static class ImageLayout
{
    /// <summary>The same N×3×S×S tensor.</summary>
    public static Tensor FastestFor(Device device, Tensor images)
        => device.type == DeviceType.CPU ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;

    /// <summary>The same module, its weights reordered in place: before an optimizer takes their order over.</summary>
    public static Module<Tensor, Tensor> FastestFor(Device device, Module<Tensor, Tensor> backbone)
    {
#if TORCHSHARP
        // TorchSharp offers no other order for weights; oneDNN reorders them in every step.
        return backbone;
#else
        return device.type == DeviceType.CPU ? backbone.ToChannelsLast() : backbone;
#endif
    }
}
