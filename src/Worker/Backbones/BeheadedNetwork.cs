using NeuralCapacitance.Domain.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>A backbone ready to be trained, wherever it came from: listed, a cell of NAS-Bench-201, or a model of the user's own.</summary>
/// <param name="Module">Images N×3×S×S, S = <see cref="InputSize.Used"/>, to features N×<paramref name="FeatureWidth"/>. The receiver disposes it.</param>
/// <param name="FeatureWidth">Of the vector that the probe sees.</param>
/// <param name="InputSize">Of the images given and used.</param>
/// <param name="Scaling">How it expects its pixels.</param>
/// <param name="Family">Networks of the same make; <c>torchscript</c>: of the user's own.</param>
/// <param name="FileDigest">SHA-256 of the file that the network and its weights came from; null: it is built here, and its weights are still to be loaded.</param>
public sealed record BeheadedNetwork(Module<Tensor, Tensor> Module, int FeatureWidth, InputSize InputSize, PixelScaling Scaling, string Family, string? FileDigest = null)
{
    /// <summary>Whether the candidate's weights came with the network; otherwise they are random.</summary>
    public bool HasItsWeights => FileDigest is not null;
}
