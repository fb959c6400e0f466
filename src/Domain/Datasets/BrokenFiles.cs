namespace NeuralCapacitance.Domain.Datasets;

/// <summary>Files that are known not to be decodable.</summary>
/// <param name="Named">The first twenty, each with the decoder's reason.</param>
public sealed record BrokenFiles(int Count, IReadOnlyList<string> Named)
{
    /// <summary>Part of all images, above which skipping them is refused: something else is wrong then.</summary>
    public const double MostSkipped = 0.05;

    /// <summary>Whether so few of so many images are broken that they may be skipped.</summary>
    /// <param name="images">All of the data set's, the broken ones included.</param>
    public bool MayBeSkipped(int images) => Count <= MostSkipped * images;

    /// <summary><c>2 files cannot be decoded: 'a/1.jpg' (why), …</c>, without a full stop.</summary>
    public override string ToString()
    {
        var more = Count > Named.Count ? $"; and {Count - Named.Count} more" : "";
        return $"{(Count == 1 ? "1 file" : $"{Count} files")} cannot be decoded: {string.Join("; ", Named)}{more}";
    }
}
