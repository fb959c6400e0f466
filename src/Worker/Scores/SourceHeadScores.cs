using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>What the classifier that the weights were trained with says of the new classes: NCE and LEEP. Greater is better.</summary>
internal static class SourceHeadScores
{
    /// <summary>In the logarithm of NCE, as its authors' code has it.</summary>
    private const double Tiny = 1e-20;

    /// <summary>θ, N×Z: what the source head gives each of its own Z classes, from features in float64.</summary>
    public static Tensor Probabilities(Tensor features, SourceHead head)
    {
        using var scope = NewDisposeScope();
        var logits = features.mm(head.Weight.to(ScalarType.Float64).t()) + head.Bias.to(ScalarType.Float64);
        return logits.softmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Negative conditional entropy −H(Y|Z) (Tran et al., ICCV 2019) in nats, where Z is the source class of the greatest probability, the first
    /// of equal ones: in [−ln C, 0].
    /// </summary>
    /// <param name="probabilities">θ.</param>
    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>.</exception>
    public static double Nce(LabelledFeatures features, Tensor probabilities)
    {
        features.ThrowIfUnusable();
        using var best = probabilities.argmax(1);
        var guesses = best.data<long>().ToArray();
        var images = (double)features.Images;
        return guesses.Zip(features.Labels).GroupBy(pair => pair.First).Sum(guess =>
        {
            var given = (double)guess.Count();
            return given / images * guess.GroupBy(pair => pair.Second).Sum(c => (c.Count() / given) * Math.Log((c.Count() / given) + Tiny));
        });
    }

    /// <summary>
    /// Log expected empirical prediction (Nguyen et al., ICML 2020): the mean of ln Σ_z P(y|z)·θ(z), P from the images themselves; ≤ 0. Source
    /// classes without any probability are left out.
    /// </summary>
    /// <param name="probabilities">θ.</param>
    /// <exception cref="NoScoreException">See <see cref="LabelledFeatures.ThrowIfUnusable"/>.</exception>
    public static double Leep(LabelledFeatures features, Tensor probabilities)
    {
        features.ThrowIfUnusable();
        using var scope = NewDisposeScope();
        var oneHot = features.OneHot();
        var joint = oneHot.t().mm(probabilities);
        var mass = joint.sum(dim: 0);
        var conditional = joint / mass.masked_fill(mass <= 0, 1.0);
        var expected = (probabilities.mm(conditional.t()) * oneHot).sum(1);
        return expected.log().mean().ToDouble();
    }
}
