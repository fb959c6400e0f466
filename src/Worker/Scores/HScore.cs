using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// H-score (Bao et al., ICIP 2019), tr(cov(F)⁺ cov(G)), where row i of G is the mean feature of image i's class; and its form with a
/// Ledoit–Wolf covariance (Ibrahim et al., 2021). Greater is better; the plain one lies in [0, C − 1]. Both are invariant to rotations
/// of the features, the plain one to any invertible linear map.
/// </summary>
/// <remarks>
/// With centred F = U·diag(s)·Vᵀ and the projector P onto the classes' indicators, G = P·F. So the plain score is Σⱼ ‖P·uⱼ‖², and in the
/// regularised one direction j counts with its share of the shrunk variance. No D×D matrix is inverted.
/// </remarks>
internal static class HScore
{
    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>; or there are too many features for so few images.</exception>
    public static double Plain(LabelledFeatures features)
    {
        features.ThrowIfUnusable();
        if (features.Images <= features.Width + 1)
        {
            throw new NoScoreException(
                $"{features.Images} images do not determine the covariance of {features.Width} features: whatever the features, the score would be "
                + $"about {features.Classes - 1}; raise probe.samples, or use h-score-regularized");
        }
        var (spectrum, _) = Centred(features);
        return Enumerable.Range(0, spectrum.Rank).Sum(j => BetweenClasses(features, spectrum, j));
    }

    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>; or there is only one image.</exception>
    public static double Regularized(LabelledFeatures features)
    {
        features.ThrowIfUnusable();
        if (features.Images < 2)
            throw new NoScoreException("one image has no covariance");
        var (n, d) = ((double)features.Images, (double)features.Width);
        var (spectrum, sumOfFourthPowers) = Centred(features);
        var trace = spectrum.Squares.Sum() / n;
        var squaredNorm = spectrum.Squares.Sum(s => s * s) / (n * n);
        var mean = trace / d;
        var distance = (squaredNorm - (2 * mean * trace) + (d * mean * mean)) / d;
        var noise = Math.Min(((sumOfFourthPowers / n) - squaredNorm) / (d * n), distance);
        var shrinkage = noise <= 0 ? 0 : noise / distance;

        var sum = 0.0;
        for (var j = 0; j < spectrum.Rank; j++)
        {
            var square = spectrum.Squares[j];
            sum += square * BetweenClasses(features, spectrum, j) / (((1 - shrinkage) * square / n) + (shrinkage * mean));
        }
        return (1 - shrinkage) * sum / (n - 1);
    }

    /// <summary>‖P·uⱼ‖²: which part of direction j lies between the classes.</summary>
    private static double BetweenClasses(LabelledFeatures features, Spectrum spectrum, int j)
        => Enumerable.Range(0, features.Classes).Sum(c => spectrum.ClassSums[c, j] * spectrum.ClassSums[c, j] / features.Counts[c]);

    /// <returns>The spectrum of the centred features, and the sum over the images of ‖f‖⁴.</returns>
    private static (Spectrum Spectrum, double SumOfFourthPowers) Centred(LabelledFeatures features)
    {
        using var scope = NewDisposeScope();
        var centred = features.Values - features.Values.mean([0], keepdim: true);
        var lengths = centred.square().sum(dim: 1);
        return (Spectrum.Of(centred, features.OneHot()), lengths.square().sum().ToDouble());
    }
}
