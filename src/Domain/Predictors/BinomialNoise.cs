namespace NeuralCapacitance.Domain.Predictors;

/// <summary>How far an accuracy measured on n images may be from the accuracy itself.</summary>
internal static class BinomialNoise
{
    /// <summary>Where the number of images is not known (0 or less): a validation set of a usual size.</summary>
    private const int UsualImages = 2_000;

    /// <summary>Variance of an accuracy of n images.</summary>
    public static double Variance(double accuracy, int images)
    {
        var p = Smoothed(accuracy, images);
        return p * (1 - p) / Known(images);
    }

    /// <summary>An accuracy of n images with one success and one failure added (Laplace), so that 0 of n and n of n are not taken for certainty; in (0, 1).</summary>
    public static double Smoothed(double accuracy, int images) => ((Math.Clamp(accuracy, 0, 1) * Known(images)) + 1) / (Known(images) + 2);

    private static int Known(int images) => images > 0 ? images : UsualImages;
}
