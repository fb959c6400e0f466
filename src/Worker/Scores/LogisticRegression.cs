using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// Multinomial logistic regression that minimises Σ −ln p(y|x) + ½‖W‖², the intercept free: scikit-learn's <c>LogisticRegression</c> with C = 1.
/// Owns its tensors.
/// </summary>
/// <param name="Weights">D×C, float64.</param>
/// <param name="Intercepts">C.</param>
internal sealed record LogisticRegression(Tensor Weights, Tensor Intercepts) : IDisposable
{
    /// <summary>scikit-learn's own.</summary>
    public const double StandardTolerance = 1e-4;

    /// <summary>scikit-learn's own.</summary>
    public const int StandardSteps = 100;

    /// <param name="features">N×D, float64; should be standardised, since all weights are shrunk alike.</param>
    /// <param name="oneHot">N×C, float64.</param>
    /// <param name="tolerance">On the greatest component of the gradient.</param>
    public static LogisticRegression Fit(
        Tensor features, Tensor oneHot, CancellationToken cancellationToken, double tolerance = StandardTolerance, int steps = StandardSteps)
    {
        using var scope = NewDisposeScope();
        var (d, c) = (features.shape[1], oneHot.shape[1]);
        var best = LimitedMemoryBfgs.Minimize(parameters => Loss(features, oneHot, parameters), zeros((d + 1) * c, ScalarType.Float64), tolerance, steps, cancellationToken);
        var matrix = best.view(d + 1, c);
        return new LogisticRegression(matrix.narrow(0, 0, d).clone().DetachFromDisposeScope(), matrix[d].clone().DetachFromDisposeScope());
    }

    /// <summary>N×C.</summary>
    public Tensor Probabilities(Tensor features)
    {
        using var scope = NewDisposeScope();
        return (features.mm(Weights) + Intercepts).softmax(1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Weights.Dispose();
        Intercepts.Dispose();
    }

    private static (double Value, Tensor Gradient) Loss(Tensor features, Tensor oneHot, Tensor parameters)
    {
        using var scope = NewDisposeScope();
        var (d, c) = (features.shape[1], oneHot.shape[1]);
        var matrix = parameters.view(d + 1, c);
        var weights = matrix.narrow(0, 0, d);
        var logarithms = (features.mm(weights) + matrix[d]).log_softmax(1);
        var value = 0.5 * weights.square().sum().ToDouble() - (logarithms * oneHot).sum().ToDouble();
        var error = logarithms.exp() - oneHot;
        var gradient = cat([features.t().mm(error) + weights, error.sum(0, keepdim: true)]);
        return (value, gradient.flatten().MoveToOuterDisposeScope());
    }
}
