using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

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
