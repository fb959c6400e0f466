namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// LogME (You et al., ICML 2021): the logarithm of the maximum evidence of a Bayesian linear model from features to a class's indicator,
/// per image, averaged over the classes. A log density: greater is better, and it may exceed 1. Invariant to rotations of the features.
/// </summary>
/// <remarks>
/// Features are taken as they are, neither centred nor scaled. The prior's precision α and the noise's β are found by MacKay's fixed
/// point in τ = α/β, with the constants of the authors' code. Unlike in that code (release of 2021), the prior's part of the
/// evidence counts all D directions, those without any variance too; without them the score is wrong where D exceeds the rank.
/// </remarks>
internal static class LogMe
{
    private const int MostSteps = 11;
    private const double Tolerance = 1e-3;
    private const double Guard = 1e-5;

    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>, or no feature varies from zero.</exception>
    public static double Of(LabelledFeatures features)
    {
        features.ThrowIfUnusable();
        using var oneHot = features.OneHot();
        var spectrum = Spectrum.Of(features.Values, oneHot);
        return Enumerable.Range(0, features.Classes).Average(c => Evidence(features, spectrum, c)) / features.Images;
    }

    /// <summary>Of one class's indicator t.</summary>
    private static double Evidence(LabelledFeatures features, Spectrum spectrum, int c)
    {
        var (n, d, squares) = (features.Images, features.Width, spectrum.Squares);
        var projected = squares.Select((_, i) => spectrum.ClassSums[c, i] * spectrum.ClassSums[c, i]).ToArray();
        var outside = Math.Max(0, features.Counts[c] - projected.Sum());
        var (alpha, beta, weights, residual) = (1.0, 1.0, 0.0, 0.0);
        for (var step = 0; step < MostSteps; step++)
        {
            var tau = alpha / beta;
            var determined = squares.Sum(s => s / (s + tau));
            weights = squares.Zip(projected, (s, x) => s * x / ((tau + s) * (tau + s))).Sum();
            residual = outside + squares.Zip(projected, (s, x) => x / ((1 + (s / tau)) * (1 + (s / tau)))).Sum();
            alpha = determined / (weights + Guard);
            beta = (n - determined) / (residual + Guard);
            if (Math.Abs((alpha / beta) - tau) / tau <= Tolerance) break;
        }
        var determinant = squares.Sum(s => Math.Log(alpha + (beta * s))) + ((d - squares.Length) * Math.Log(alpha));
        return 0.5 * ((d * Math.Log(alpha)) + (n * Math.Log(beta)) - determinant - (beta * residual) - (alpha * weights) - (n * Math.Log(2 * Math.PI)));
    }
}
