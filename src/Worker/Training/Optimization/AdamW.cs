using TorchSharp.Modules;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary><see cref="Adam"/> with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), as <c>torch.optim.AdamW</c>: θ ← θ − ηλθ comes first.</summary>
internal sealed class AdamW(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast, double learningRate, double weightDecay)
    : Adam(learning, channelsLast, learningRate, weightDecay)
{
    protected override void Decay(Piece piece) => piece.Values.mul_(1 - (LearningRate * WeightDecay));
}
