using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// SynFlow (Tanaka et al., NeurIPS 2020), as a score of networks (Abdelfattah et al., ICLR 2021): with all parameters made positive, batch norms
/// passed by and one image of ones, R is the sum of the outputs, and the score Σ |w·∂R/∂w| over the weights of convolutions and
/// linear layers. Its natural logarithm is given: the sum grows with the power of the depth. Needs no images and no labels.
/// </summary>
internal static class SynFlow
{
    /// <summary>Leaves another network behind, in float64: for networks that are thrown away.</summary>
    /// <param name="size">Side of the square images that the backbone takes.</param>
    /// <exception cref="NoScoreException">Nothing flows, or more than float64 can hold.</exception>
    public static double Of(Module<Tensor, Tensor> backbone, int size, Device device)
    {
        using var scope = NewDisposeScope();
        backbone.to(ScalarType.Float64);
        backbone.eval();
        backbone.zero_grad();
        using (no_grad())
        {
            foreach (var parameter in backbone.parameters()) parameter.abs_();
        }
        var hooks = backbone.modules().OfType<Module<Tensor, Tensor>>().Where(BatchStatistics.IsNorm)
            .Select(norm => norm.register_forward_hook(static (_, input, _) => input.clone())).ToList();
        try
        {
            backbone.call(ones(1, 3, size, size, ScalarType.Float64, device)).sum().backward();
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
        }
        var flow = backbone.parameters().Where(p => p.dim() > 1).Sum(p => p.grad is { } gradient ? (p.detach() * gradient).abs().sum().ToDouble() : 0);
        if (!(flow > 0))
            throw new NoScoreException("nothing flows through the network");
        return double.IsFinite(flow) ? Math.Log(flow) : throw new NoScoreException("the network is so deep that its flow exceeds float64");
    }
}
