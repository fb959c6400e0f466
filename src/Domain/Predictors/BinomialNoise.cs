namespace NeuralCapacitance.Domain.Predictors;

/// <summary>How far an accuracy measured on n images may be from the accuracy itself.</summary>
internal static class BinomialNoise
{
    /// <summary>Where the number of images is not known (0 or less): a validation set of a usual size.</summary>
    private const int UsualImages = 2_000;

    /// <summary>
    /// Variance of an accuracy of n images, with one success and one failure added (Laplace), so that 0 of n and n of n are not
    /// taken for certainty.
    /// </summary>
    public static double Variance(double accuracy, int images)
    {
        var n = images > 0 ? images : UsualImages;
        var p = ((Math.Clamp(accuracy, 0, 1) * n) + 1) / (n + 2);
        return p * (1 - p) / n;
    }
}
