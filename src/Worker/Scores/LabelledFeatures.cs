using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>Frozen features of some images, with their classes: what the scores of transferability look at. Owns its tensors.</summary>
internal sealed class LabelledFeatures : IDisposable
{
    private readonly int[] labels;

    /// <param name="values">N×D; converted to float64 on the CPU.</param>
    /// <param name="labels">N, each in 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">C.</param>
    public LabelledFeatures(Tensor values, int[] labels, int classes)
    {
        this.labels = labels;
        Values = values.to(ScalarType.Float64, CPU, copy: true).DetachFromDisposeScope();
        Counts = new int[classes];
        foreach (var label in labels) Counts[label]++;
    }

    /// <summary>N×D, float64, CPU.</summary>
    public Tensor Values { get; }

    public IReadOnlyList<int> Labels => labels;

    /// <summary>Images of each class.</summary>
    public int[] Counts { get; }

    /// <summary>N.</summary>
    public int Images => labels.Length;

    /// <summary>D.</summary>
    public int Width => (int)Values.shape[1];

    /// <summary>C.</summary>
    public int Classes => Counts.Length;

    /// <summary>N×C zeros and ones, float64.</summary>
    public Tensor OneHot()
    {
        using var index = tensor(Array.ConvertAll(labels, label => (long)label));
        using var zerosAndOnes = nn.functional.one_hot(index, Classes);
        return zerosAndOnes.to(ScalarType.Float64);
    }

    /// <exception cref="NoScoreException">A feature is NaN or infinite, or a class has no image.</exception>
    public void ThrowIfUnusable()
    {
        using var scope = NewDisposeScope();
        if (!Values.isfinite().all().ToBoolean())
            throw new NoScoreException("a feature is not finite: the initial weights are no use on these images");
        var absent = Counts.Index().Where(c => c.Item == 0).Select(c => c.Index).ToList();
        if (absent.Count > 0)
        {
            throw new NoScoreException(
                $"{absent.Count} of {Classes} classes have no image among the {Images} that are looked at; raise probe.samples, or give more training images");
        }
    }

    public void Dispose() => Values.Dispose();
}
