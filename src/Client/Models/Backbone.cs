using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>All known backbones.</summary>
public sealed record BackboneList : WireObject
{
    /// <summary>Those that have a name of their own.</summary>
    public required IReadOnlyList<Backbone> Items { get; init; }

    /// <summary>Those that are too many to list, or that you bring along.</summary>
    public required IReadOnlyList<BackbonePattern> Patterns { get; init; }

    /// <summary>What <see cref="Backbone.CostClass"/> means, the cheapest first. Empty: an earlier service.</summary>
    public IReadOnlyList<CostBound> CostClasses { get; init; } = [];
}

/// <summary>What a client needs to know to choose a backbone.</summary>
public sealed record Backbone : WireObject
{
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
    public required int DefaultSize { get; init; }

    /// <summary>Multiply-adds of one forward pass at <see cref="NativeSize"/>.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>How dear training is at <see cref="DefaultSize"/>; <see cref="CostClass.Unknown"/> to an earlier service.</summary>
    public CostClass CostClass { get; init; }

    public required string Scaling { get; init; }

    public PublishedWeights? Imagenet { get; init; }

    /// <summary><c>random</c>, <c>imagenet</c>, <c>file</c>.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>Of a candidate that does not say its <c>weights</c>: <c>imagenet</c> where somebody published them, else <c>random</c>.</summary>
    public required string DefaultWeights { get; init; }
}

/// <summary>Weights of a backbone that somebody published, and how to know that a file is theirs.</summary>
public sealed record PublishedWeights : WireObject
{
    public required string Url { get; init; }

    /// <summary><c>pytorch</c> or <c>keras-h5</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Hexadecimal digits: all 64, or as many first ones as were published. Null where only MD5 was.</summary>
    public string? Sha256 { get; init; }

    /// <summary>32 hexadecimal digits, where no SHA-256 was published.</summary>
    public string? Md5 { get; init; }

    /// <summary>Of the file, and on what terms the images were given that it was trained with.</summary>
    public required string Licence { get; init; }

    /// <summary>Where it is published, and by whom.</summary>
    public required string Source { get; init; }

    /// <summary>Classes that the network was trained to tell apart, and that its classifier, which is kept aside, has.</summary>
    public required int SourceClasses { get; init; }

    /// <summary>Share of ImageNet's 50 000 validation images whose first guess is right, as the publisher reports it (one central crop); in [0, 1].</summary>
    public required double Top1Accuracy { get; init; }

    /// <summary>Name of the file in the cache, from which it is read.</summary>
    public required string File { get; init; }

    /// <summary>Whether it lies in the cache of the node that answers; null: not looked up.</summary>
    public bool? Cached { get; init; }
}

/// <summary>Backbones that are too many to list, or that users bring along.</summary>
public sealed record BackbonePattern : WireObject
{
    /// <summary>As in a job spec; words in capitals stand for something else.</summary>
    public required string Name { get; init; }

    /// <summary>What can stand there, and what the network is.</summary>
    public required string Description { get; init; }

    /// <summary>An entry of <c>candidates</c>, as JSON.</summary>
    public required string Example { get; init; }

    /// <summary><c>random</c>, <c>file</c>, …</summary>
    public required IReadOnlyList<string> Weights { get; init; }
}

/// <summary>How dear training is, by the multiply-adds of one forward pass of one image.</summary>
[JsonConverter(typeof(WordConverter<CostClass>))]
public enum CostClass
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    /// <summary>For a few CPU cores.</summary>
    Cheap,

    /// <summary>On a CPU for few epochs.</summary>
    Medium,

    /// <summary>For a GPU.</summary>
    Dear,
}

/// <summary>A class and where it ends.</summary>
public sealed record CostBound : WireObject
{
    public required CostClass Class { get; init; }

    /// <summary>Multiply-adds of an image; null: it has no end.</summary>
    public long? Below { get; init; }
}
