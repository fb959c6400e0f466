using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>What a file of weights held besides the backbone.</summary>
/// <param name="Head">The classifier that the backbone lost; null: the file has none, or none of the usual form.</param>
/// <param name="Unused">Sorted names of tensors that have no place here, the classifier's among them.</param>
public sealed record LoadedWeights(SourceHead? Head, IReadOnlyList<string> Unused) : IDisposable
{
    public void Dispose() => Head?.Dispose();
}

/// <summary>The linear classifier that weights were trained with: logits = features · weightᵀ + bias, over the classes of its own data set.</summary>
/// <param name="Weight">C×F, float32, on the CPU.</param>
/// <param name="Bias">C.</param>
public sealed record SourceHead(Tensor Weight, Tensor Bias) : IDisposable
{
    public long Classes => Bias.shape[0];

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}
