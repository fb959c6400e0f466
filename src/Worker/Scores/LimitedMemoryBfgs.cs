using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) over one tensor, with a line search by bisection for the
/// weak Wolfe conditions. For smooth convex functions.
/// </summary>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const int MostTrials = 40;
    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;

    /// <param name="function">Value and gradient at a point.</param>
    /// <param name="start">Float64, one-dimensional; is left as it is.</param>
    /// <param name="tolerance">Ends when no component of the gradient is greater.</param>
    /// <param name="steps">Ends after so many.</param>
    public static Tensor Minimize(Func<Tensor, (double Value, Tensor Gradient)> function, Tensor start, double tolerance, int steps, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var pairs = new Queue<(Tensor Step, Tensor Change, double Product)>();
        var x = start.clone();
        var (value, gradient) = function(x);
        for (var step = 0; step < steps && gradient.abs().max().ToDouble() > tolerance; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var direction = Direction(gradient, pairs);
            var slope = Dot(direction, gradient);
            if (!(slope < 0) || Search(function, x, value, direction, slope, pairs.Count == 0 ? 1 / Math.Sqrt(-slope) : 1) is not { } next) break;

            var (moved, change) = (next.X - x, next.Gradient - gradient);
            pairs.Enqueue((moved, change, Dot(moved, change)));
            if (pairs.Count > Memory)
            {
                var (oldStep, oldChange, _) = pairs.Dequeue();
                oldStep.Dispose();
                oldChange.Dispose();
            }
            x.Dispose();
            gradient.Dispose();
            direction.Dispose();
            (x, value, gradient) = next;
        }
        return x.MoveToOuterDisposeScope();
    }

    private static Tensor Direction(Tensor gradient, Queue<(Tensor Step, Tensor Change, double Product)> pairs)
    {
        using var scope = NewDisposeScope();
        var direction = -gradient;
        var kept = pairs.ToArray();
        var shares = new double[kept.Length];
        for (var i = kept.Length - 1; i >= 0; i--)
        {
            shares[i] = Dot(kept[i].Step, direction) / kept[i].Product;
            direction.sub_(kept[i].Change, shares[i]);
        }
        if (kept.Length > 0) direction.mul_(kept[^1].Product / Dot(kept[^1].Change, kept[^1].Change));
        for (var i = 0; i < kept.Length; i++)
            direction.add_(kept[i].Step, shares[i] - (Dot(kept[i].Change, direction) / kept[i].Product));
        return direction.MoveToOuterDisposeScope();
    }

    /// <returns>Null: the function no longer decreases in floating point.</returns>
    private static (Tensor X, double Value, Tensor Gradient)? Search(
        Func<Tensor, (double Value, Tensor Gradient)> function, Tensor x, double value, Tensor direction, double slope, double length)
    {
        var (shortest, longest) = (0.0, double.PositiveInfinity);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            var there = x.add(direction, length);
            var (reached, gradient) = function(there);
            if (!(reached <= value + (SufficientDecrease * length * slope))) longest = length;
            else if (Dot(gradient, direction) < Curvature * slope) shortest = length;
            else return (there, reached, gradient);

            there.Dispose();
            gradient.Dispose();
            length = double.IsFinite(longest) ? (shortest + longest) / 2 : 2 * length;
        }
        return null;
    }

    private static double Dot(Tensor a, Tensor b)
    {
        using var product = a.dot(b);
        return product.ToDouble();
    }
}
