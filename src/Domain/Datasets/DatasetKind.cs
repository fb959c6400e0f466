namespace NeuralCapacitance.Domain.Datasets;

/// <summary>A name that a spec's <c>dataset</c> can have, and what it may say besides.</summary>
/// <param name="Name">As in the spec.</param>
/// <param name="Path">Whether <c>dataset.path</c> has a meaning.</param>
/// <param name="PathMeaning">What <c>dataset.path</c> names; empty where it has no meaning.</param>
/// <param name="HasFiles">Images are files of their own, that a camera may have written and a disk may have damaged: <c>dataset.exif</c> and <c>dataset.onBrokenImage</c> have a meaning.</param>
public sealed record DatasetKind(string Name, PathUse Path, string PathMeaning = "", bool HasFiles = false);

public enum PathUse
{
    /// <summary>A path is a fault.</summary>
    None,

    /// <summary>Without one, the set is looked for in its usual places.</summary>
    Optional,

    Required,
}
