using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// Sum over the backbone's parameters of the Euclidean norm of their gradients, by the cross-entropy behind the probe on one batch
/// (Abdelfattah et al., ICLR 2021, "grad_norm"); ≥ 0. In the mode of <see cref="BatchStatistics"/>.
/// </summary>
internal static class GradNorm
{
    /// <summary>Leaves gradients, moved running moments and train mode behind: for networks that are thrown away.</summary>
    /// <param name="images">As the backbone takes them.</param>
    /// <param name="labels">int64.</param>
    public static double Of(Module<Tensor, Tensor> backbone, Module<Tensor, Tensor> probe, Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        BatchStatistics.Use(backbone);
        BatchStatistics.Use(probe);
        backbone.zero_grad();
        var loss = functional.cross_entropy(probe.call(backbone.call(images)), labels);
        loss.backward();
        return backbone.parameters().Sum(parameter => parameter.grad is { } gradient ? gradient.to(ScalarType.Float64).norm().ToDouble() : 0);
    }
}
