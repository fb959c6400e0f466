using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// Accuracy of a <see cref="LogisticRegression"/> on frozen features, in [0, 1]. Of each class's images in the given order every fourth (the
/// 4th, the 8th, …) is judged, and all others are fitted; features are standardised by the mean and deviation of those fitted.
/// </summary>
internal static class LinearProbe
{
    private const int Judged = 4;

    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>; or no class has four images.</exception>
    public static double Of(LabelledFeatures features, CancellationToken cancellationToken)
    {
        features.ThrowIfUnusable();
        var (fitted, judged) = Split(features.Labels, features.Classes);
        if (judged.Length == 0)
            throw new NoScoreException($"no class has {Judged} images to set one aside; raise probe.samples, or give more training images");

        using var scope = NewDisposeScope();
        var oneHot = features.OneHot();
        var (x, unseen) = Standardised(features.Values.index_select(0, tensor(fitted)), features.Values.index_select(0, tensor(judged)));
        using var regression = LogisticRegression.Fit(x, oneHot.index_select(0, tensor(fitted)), cancellationToken);
        var right = regression.Probabilities(unseen).argmax(1).eq(oneHot.index_select(0, tensor(judged)).argmax(1));
        return right.to(ScalarType.Float64).mean().ToDouble();
    }

    private static (long[] Fitted, long[] Judged) Split(IReadOnlyList<int> labels, int classes)
    {
        var seen = new int[classes];
        var isJudged = labels.Select(label => ++seen[label] % Judged == 0).ToArray();
        return ([.. Positions(false)], [.. Positions(true)]);

        IEnumerable<long> Positions(bool judged) => isJudged.Index().Where(i => i.Item == judged).Select(i => (long)i.Index);
    }

    /// <summary>A feature that is constant where it is fitted says nothing, and becomes zero.</summary>
    private static (Tensor Fitted, Tensor Judged) Standardised(Tensor fitted, Tensor judged)
    {
        var mean = fitted.mean([0], keepdim: true);
        var deviation = fitted.std([0], unbiased: false, keepdim: true);
        var scale = where(deviation > 0, 1 / deviation, zeros_like(deviation));
        return ((fitted - mean) * scale, (judged - mean) * scale);
    }
}
