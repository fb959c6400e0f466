using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>
/// Gradients to compare with a reference: in double precision. Rounding to single precision lets some of millions of ReLU inputs change their side, others on
/// every kind of processor, and a first gradient by percents.
/// </summary>
internal static class Gradients
{
    /// <summary>Relative; goldens have nine digits.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Of the mean of the features times <c>factors</c>, by parameter. The backbone stays in double precision.</summary>
    public static IReadOnlyDictionary<string, Tensor> InDouble(nn.Module<Tensor, Tensor> backbone, Tensor images)
    {
        backbone.to(ScalarType.Float64);
        var features = backbone.call(images.to(ScalarType.Float64));
        (features * Fill.Unit("factors", features.shape)).mean().backward();
        return backbone.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!, StringComparer.Ordinal);
    }
}
