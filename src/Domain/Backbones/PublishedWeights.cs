namespace NeuralCapacitance.Domain.Backbones;

/// <summary>Weights of a backbone that somebody published, and how to know that a file is theirs.</summary>
public sealed record PublishedWeights
{
    /// <summary>A state_dict that torch.save wrote.</summary>
    public const string PyTorch = "pytorch";

    /// <summary>Keras' HDF5.</summary>
    public const string KerasH5 = "keras-h5";

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
