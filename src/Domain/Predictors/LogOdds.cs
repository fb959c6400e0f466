using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.RootFinding;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>From a Gaussian of log-odds, ln (p/(1 − p)), to one of the accuracies p.</summary>
internal static class LogOdds
{
    /// <summary>Near 0 and 1 an accuracy hardly moves with its log-odds; by less than this a Gaussian would be too sure.</summary>
    private const double LeastSteepness = 0.02;

    /// <summary>Beyond any log-odds of an accuracy of images that can be counted.</summary>
    private const double Farthest = 60;

    /// <summary>
    /// Accuracies whose mean is known from elsewhere: all log-odds are shifted alike until it is met. What is not known of the mean moves each candidate as far as such a shift does.
    /// To first order in the deviations.
    /// </summary>
    /// <param name="mean">Log-odds, up to a shift of all.</param>
    /// <param name="covariance">Of them.</param>
    /// <param name="expected">Mean accuracy of all; in (0, 1).</param>
    /// <param name="variance">Of that mean.</param>
    public static JointPosterior ToAccuracies(Vector<double> mean, Matrix<double> covariance, double expected, double variance)
    {
        var shift = Brent.FindRoot(s => mean.Average(z => SpecialFunctions.Logistic(z + s)) - expected, -Farthest, Farthest);
        var accuracies = mean.Map(z => SpecialFunctions.Logistic(z + shift));
        var steepness = accuracies.Map(Steepness);
        var common = steepness / steepness.Average();
        return new JointPosterior(accuracies, covariance.PointwiseMultiply(steepness.OuterProduct(steepness)) + (variance * common.OuterProduct(common)));
    }

    /// <summary>By how much an accuracy moves per unit of its log-odds: p(1 − p).</summary>
    public static double Steepness(double accuracy)
    {
        var p = Math.Clamp(accuracy, 0, 1);
        return Math.Max(LeastSteepness, p * (1 - p));
    }
}
