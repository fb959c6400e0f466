using TorchSharp;
using TorchSharp.Modules;

namespace NeuralCapacitance.Worker.Training.Optimization;

/// <summary>
/// Adam (Kingma and Ba, ICLR 2015), as <c>torch.optim.Adam</c>: g ← g + λθ, m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂ / (√v̂ + ε) with
/// m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ). The step is taken in the equal form at the end of the paper's section 2:
/// η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ)).
/// </summary>
internal class Adam(IReadOnlyList<(string Name, Parameter Parameter)> learning, bool channelsLast, double learningRate, double weightDecay)
    : FlatOptimizer(learning, channelsLast, "exp_avg", "exp_avg_sq")
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    protected double LearningRate => learningRate;

    protected double WeightDecay => weightDecay;

    protected override void Step(IEnumerable<Piece> pieces, long number)
    {
        var correction = Math.Sqrt(1 - Math.Pow(Beta2, number));
        using Scalar beta1 = Beta1, beta2 = Beta2, new1 = 1 - Beta1, new2 = 1 - Beta2;
        using Scalar epsilon = Epsilon * correction, rate = -learningRate * correction / (1 - Math.Pow(Beta1, number));
        foreach (var piece in pieces)
        {
            if (weightDecay != 0) Decay(piece);
            var gradients = piece.Gradients;
            var mean = piece.Quantities[0].mul_(beta1).add_(gradients, new1);
            var square = piece.Quantities[1].mul_(beta2).addcmul_(gradients, gradients, new2);
            piece.Values.addcdiv_(mean, piece.Scratch.copy_(square).sqrt_().add_(epsilon), rate);
        }
    }

    /// <summary>Weight decay as L2 regularisation.</summary>
    protected virtual void Decay(Piece piece) => piece.Gradients.add_(piece.Values, WeightDecay);
}
