using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using MathNet.Numerics.Optimization.ObjectiveFunctions;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Weighted least squares of one curve.</summary>
/// <param name="Deviation">Weighted root mean square of the residuals.</param>
internal sealed record LearningCurveFit(LearningCurve Curve, double[] Parameters, double Deviation)
{
    private const int Iterations = 200;

    /// <summary>Stands for a value that a curve does not have, far from any accuracy: minimisers need numbers.</summary>
    private const double Undefined = 1e6;

    /// <summary>Of a parameter in the bounded search.</summary>
    private const double Bound = 1_000;

    /// <summary>Levenberg–Marquardt from the curve's starting values, or where that fails L-BFGS-B; null where both do.</summary>
    /// <param name="epochs">From 1.</param>
    /// <param name="weights">Of the squared residuals, positive.</param>
    public static LearningCurveFit? Of(LearningCurve curve, double[] epochs, double[] accuracies, double[] weights)
    {
        var parameters = Attempt(() => LevenbergMarquardt(curve, epochs, accuracies, weights))
            ?? Attempt(() => BoundedQuasiNewton(curve, epochs, accuracies, weights));
        return parameters is null ? null : new LearningCurveFit(
            curve, parameters, Math.Sqrt(Cost(curve, epochs, accuracies, weights, parameters) / weights.Sum()));

        double[]? Attempt(Func<double[]> minimise)
        {
            try
            {
                var found = minimise();
                return Array.TrueForAll(found, double.IsFinite) && Cost(curve, epochs, accuracies, weights, found) < weights.Sum() ? found : null;
            }
            catch (Exception e) when (e is OptimizationException or NonConvergenceException or ArithmeticException or ArgumentException)
            {
                return null; // MathNet's way to say that there is no minimum to be found from here
            }
        }
    }

    private static double[] LevenbergMarquardt(LearningCurve curve, double[] epochs, double[] accuracies, double[] weights)
    {
        var model = ObjectiveFunction.NonlinearModel(
            (parameters, x) => x.Map(epoch => Value(curve, epoch, [.. parameters]), Zeros.Include),
            Vector<double>.Build.Dense(epochs), Vector<double>.Build.Dense(accuracies), Vector<double>.Build.Dense(weights));
        return [.. new LevenbergMarquardtMinimizer(maximumIterations: Iterations).FindMinimum(model, Vector<double>.Build.DenseOfArray(curve.Start)).MinimizingPoint];
    }

    private static double[] BoundedQuasiNewton(LearningCurve curve, double[] epochs, double[] accuracies, double[] weights)
    {
        var lower = Vector<double>.Build.Dense(curve.Start.Length, -Bound);
        var objective = new ForwardDifferenceGradientObjectiveFunction(
            ObjectiveFunction.Value(parameters => Cost(curve, epochs, accuracies, weights, [.. parameters])), lower, -lower);
        return [.. new BfgsBMinimizer(1e-8, 1e-10, 1e-12, Iterations).FindMinimum(objective, lower, -lower, Vector<double>.Build.DenseOfArray(curve.Start)).MinimizingPoint];
    }

    private static double Cost(LearningCurve curve, double[] epochs, double[] accuracies, double[] weights, double[] parameters)
    {
        var sum = 0.0;
        for (var i = 0; i < epochs.Length; i++) sum += weights[i] * Math.Pow(accuracies[i] - Value(curve, epochs[i], parameters), 2);
        return sum;
    }

    private static double Value(LearningCurve curve, double epoch, double[] parameters)
        => curve.At(epoch, parameters) is var value && double.IsFinite(value) ? value : Undefined;
}
