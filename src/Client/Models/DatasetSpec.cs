using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>Which images to train on.</summary>
public sealed record DatasetSpec : WireObject
{
    public required string Name { get; init; }

    /// <summary>The folder it lies in, relative to a data root or absolute inside one; of an <c>image-folder</c> required.</summary>
    public string? Path { get; init; }

    /// <summary>Only these classes, in this order; null takes all: those of folders sorted by name, others in their published order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    public ExifOrientation? Exif { get; init; }

    public BrokenImage? OnBrokenImage { get; init; }

    public SyntheticSpec? Synthetic { get; init; }
}

/// <summary>Size and seed of the generated data set of textured shapes.</summary>
public sealed record SyntheticSpec : WireObject
{
    /// <summary>2 … 10.</summary>
    public int? Classes { get; init; }

    public int? TrainImages { get; init; }

    public int? TestImages { get; init; }

    public long? Seed { get; init; }
}

/// <summary>What becomes of the orientation that EXIF says.</summary>
[JsonConverter(typeof(WordConverter<ExifOrientation>))]
public enum ExifOrientation
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Ignore,
    Apply,
}

/// <summary>What becomes of a file that is named as an image and cannot be decoded.</summary>
[JsonConverter(typeof(WordConverter<BrokenImage>))]
public enum BrokenImage
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Fail,
    Skip,
}
