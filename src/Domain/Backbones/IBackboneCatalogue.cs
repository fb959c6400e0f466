using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Backbones;

/// <summary>What a client needs to know to choose a backbone.</summary>
public sealed record BackboneInfo
{
    /// <summary>Of <see cref="Weights"/>: drawn anew.</summary>
    public const string RandomKind = "random";

    /// <summary>Of <see cref="Weights"/>: the published ones.</summary>
    public const string PublishedKind = "imagenet";

    /// <summary>As named in a job spec.</summary>
    public required string Name { get; init; }

    public required string Family { get; init; }

    /// <summary>Trainable parameters of the beheaded network.</summary>
    public required long Parameters { get; init; }

    /// <summary>Width of the feature vector that the probe sees.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Smallest side of a square input; a smaller image is upsampled to it.</summary>
    public required int MinimumSize { get; init; }

    /// <summary>The side it was designed for.</summary>
    public required int NativeSize { get; init; }

    /// <summary>The side that it is fed in a job that does not say <c>training.imageSize</c>.</summary>
    public int DefaultSize => Math.Max(TrainingSpec.DefaultImageSize, MinimumSize);

    /// <summary>Multiply-adds of one forward pass at <see cref="NativeSize"/>.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>How dear training is at <see cref="DefaultSize"/>.</summary>
    public CostClass CostClass => CostBound.ClassOf(MultiplyAddsAt(TrainingSpec.DefaultImageSize));

    /// <summary>How the published weights expect their pixels; random weights are trained with the same.</summary>
    public PixelScaling Scaling { get; init; }

    /// <summary>What <c>imagenet</c> stands for; null: nobody published weights.</summary>
    public PublishedWeights? Imagenet { get; init; }

    /// <summary><c>random</c>, <c>imagenet</c>, <c>file</c>.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>Of a candidate that does not say its <c>weights</c>: <c>imagenet</c> where somebody published them, else <c>random</c>.</summary>
    public string DefaultWeights => Weights.Contains(PublishedKind, StringComparer.Ordinal) ? PublishedKind : RandomKind;

    /// <summary>Multiply-adds of one forward pass in a job with <c>training.imageSize</c>: they grow with the area of the input.</summary>
    /// <param name="imageSize">Side in pixels.</param>
    public double MultiplyAddsAt(int imageSize)
    {
        var side = Math.Max(imageSize, MinimumSize) / (double)NativeSize;
        return MultiplyAdds * side * side;
    }
}

public interface IBackboneCatalogue
{
    /// <summary>Sorted by name.</summary>
    IReadOnlyList<BackboneInfo> All { get; }

    /// <summary>What else a job can name.</summary>
    IReadOnlyList<BackbonePattern> Patterns => [];

    /// <summary>A listed backbone, or one that follows a pattern and needs nothing but its name.</summary>
    BackboneInfo? Find(string name);

    /// <summary>Why <see cref="Find"/> has no answer to a name that follows a pattern; null for any other name.</summary>
    BackboneFault? Explain(string name) => null;
}
