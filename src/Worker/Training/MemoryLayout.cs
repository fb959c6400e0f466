using System.Collections.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// In which order images (N×C×H×W) and weights of convolutions (O×I×H×W) lie in memory: with the channels innermost ("channels last"), or as the shape says.
/// It changes the time that a step takes, and rounding.
/// </summary>
/// <param name="ImagesLast">Images, and with them the maps of all layers.</param>
/// <param name="WeightsLast">Weights of convolutions, and their gradients.</param>
internal sealed record MemoryLayout(bool ImagesLast, bool WeightsLast)
{
    private static readonly MemoryLayout Contiguous = new(ImagesLast: false, WeightsLast: false);

    private static readonly MemoryLayout AllLast = new(ImagesLast: true, WeightsLast: true);

    /// <summary>
    /// The families that are faster in another order than <see cref="AllLast"/>. Images/s with nothing, images, weights, both channels-last: resnet8 2 881, 4 193, 3 492, 3 223, resnet18 372, 363, 353, 345;
    /// of the others mobilenetv2 363, 656, 703, 755, vgg-small 1 251, 1 807, 1 864, 1 965, densenet121 62, 78, 79, 78 (docs/performance.md has all).
    /// </summary>
    private static readonly FrozenDictionary<string, MemoryLayout> Exceptions = new Dictionary<string, MemoryLayout>(StringComparer.Ordinal)
    {
        ["resnet"] = new(ImagesLast: true, WeightsLast: false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The fastest that was measured for the family; docs/performance.md tells how. A GPU has not been compared: nothing is reordered there.</summary>
    /// <param name="family">As <see cref="Backbones.BeheadedNetwork.Family"/>.</param>
    public static MemoryLayout Of(string family, DeviceType device)
        => device == DeviceType.CPU ? Exceptions.GetValueOrDefault(family, AllLast) : Contiguous;

    /// <summary>The same N×C×H×W tensor in this order.</summary>
    public Tensor Lay(Tensor images) => ImagesLast ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
}
