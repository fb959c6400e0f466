using NeuralCapacitance.Infrastructure.Stalls;
using TorchSharp.Modules;
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

    /// <summary>scikit-learn's own.</summary>
    private const int Memory = 10;

    /// <param name="features">N×D, float64; should be standardised, since all weights are shrunk alike.</param>
    /// <param name="oneHot">N×C, float64.</param>
    /// <param name="tolerance">On the greatest component of the gradient.</param>
    /// <param name="steps">Of L-BFGS, at most.</param>
    public static LogisticRegression Fit(
        Tensor features, Tensor oneHot, CancellationToken cancellationToken, double tolerance = StandardTolerance, int steps = StandardSteps)
    {
        using var scope = NewDisposeScope();
        var d = features.shape[1];
        var matrix = new Parameter(zeros((d + 1) * oneHot.shape[1], ScalarType.Float64).view(d + 1, oneHot.shape[1]));
        Minimize(matrix, () => Loss(features, oneHot, matrix), tolerance, steps, cancellationToken);
        var best = matrix.detach();
        return new LogisticRegression(best.narrow(0, 0, d).clone().DetachFromDisposeScope(), best[d].clone().DetachFromDisposeScope());
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

    /// <summary>
    /// L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) by TorchSharp. It searches no line, but steps at a given rate, and the loss may grow
    /// a little on the way: where it doubles, the search starts again from the best point with half the rate. One iteration a call, since nobody can cancel
    /// in the middle of one.
    /// </summary>
    private static void Minimize(Parameter point, Func<Tensor> loss, double tolerance, int steps, CancellationToken cancellationToken)
    {
        using var best = point.detach().clone();
        var (least, rate) = (double.PositiveInfinity, 1.0);
        var optimizer = Start();
        try
        {
            for (var step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Steps.Made();
                using var scope = NewDisposeScope();
                var before = point.detach().clone();
                var value = optimizer.step(Evaluate).ToDouble();
                if (point.grad!.abs().max().ToDouble() <= tolerance) break;
                if (!(value <= 2 * least))
                {
                    Set(best);
                    rate /= 2;
                    optimizer.Dispose();
                    optimizer = Start();
                }
                else if (value <= least)
                {
                    best.copy_(before);
                    least = value;
                }
            }
        }
        finally
        {
            optimizer.Dispose();
        }

        TorchSharp.Modules.LBFGS Start() => optim.LBFGS([point], rate, max_iter: 1, tolerange_grad: tolerance, tolerance_change: 0, history_size: Memory);

        Tensor Evaluate()
        {
            point.grad = null;
            var value = loss();
            value.backward();
            return value;
        }

        void Set(Tensor to)
        {
            using var frozen = no_grad();
            point.copy_(to);
        }
    }

    private static Tensor Loss(Tensor features, Tensor oneHot, Tensor matrix)
    {
        var weights = matrix.narrow(0, 0, features.shape[1]);
        var logarithms = (features.mm(weights) + matrix[^1]).log_softmax(1);
        return (0.5 * weights.square().sum()) - (logarithms * oneHot).sum();
    }
}
