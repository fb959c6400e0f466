using TorchSharp;
using TorchSharp.Modules;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary>Stochastic gradient descent with momentum, as <c>torch.optim.SGD</c> without dampening: g ← g + λθ, b ← μb + g, θ ← θ − ηb.</summary>
internal sealed class Sgd(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast, double learningRate, double momentum, double weightDecay)
    : FlatOptimizer(learning, channelsLast, momentum == 0 ? [] : ["momentum_buffer"])
{
    protected override void Step(IEnumerable<Piece> pieces, long number)
    {
        using Scalar rate = -learningRate, kept = momentum, decay = weightDecay;
        foreach (var piece in pieces)
        {
            if (weightDecay != 0) piece.Gradients.add_(piece.Values, decay);
            piece.Values.add_(momentum == 0 ? piece.Gradients : piece.Quantities[0].mul_(kept).add_(piece.Gradients), rate);
        }
    }
}
