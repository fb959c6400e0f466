using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Datasets;

/// <summary>Images of one class.</summary>
/// <param name="Train">Those that validation images are set aside from included.</param>
/// <param name="Validation">Of the validation set that the data set brings; 0 where it brings none.</param>
public sealed record ClassCount(string Class, int Train, int Test, int Validation = 0);

/// <summary>What a quick look (no decoding) tells about a data set.</summary>
public sealed record DatasetInfo
{
    /// <summary>The spec's <c>dataset</c> that names it.</summary>
    public required DatasetSpec Spec { get; init; }

    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>What a user should know: an empty class, files that are no images, a missing test set.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Why it cannot be used as it lies there; null: it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Files that an earlier look has found broken; null: none, nobody has looked, or they are skipped.</summary>
    public BrokenFiles? Broken { get; init; }

    /// <summary>All that a user should know: <see cref="Fault"/>, <see cref="Broken"/>, <see cref="Problems"/>, and what makes results hard to believe.</summary>
    public IReadOnlyList<string> Remarks => [.. Fault is null ? [] : new[] { Fault }, .. Broken is null ? [] : new[] { $"{Broken}." }, .. Problems, .. Plausibility.WarningsOf(this)];

    public int TrainImages => Classes.Sum(c => c.Train);

    /// <summary>Images of a validation set of its own; 0: validation images are set aside from the training images.</summary>
    public int ValidationImages => Classes.Sum(c => c.Validation);

    public int TestImages => Classes.Sum(c => c.Test);

    /// <summary>A data set that is there, and what is wrong with it.</summary>
    public static DatasetInfo Unusable(DatasetSpec spec, string fault) => new() { Spec = spec, Classes = [], Problems = [], Fault = fault };
}

/// <summary>The data set cannot be used as asked.</summary>
/// <param name="field">Which field of the spec's <c>dataset</c> is at fault: <c>name</c>, <c>path</c>, <c>classes</c>.</param>
/// <param name="message">What was wrong, where, what would be accepted.</param>
/// <param name="innerException">The same, with what only the log may tell.</param>
public class DatasetException(string field, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public string Field { get; } = field;

    /// <summary>The same in other words.</summary>
    public virtual DatasetException Told(string message) => new(Field, message, this);
}

/// <summary>Files that should be images cannot be decoded; the message names them.</summary>
public sealed class BrokenImageException(string message, Exception? innerException = null) : DatasetException("path", message, innerException)
{
    public override DatasetException Told(string message) => new BrokenImageException(message, this);
}

/// <summary>The files of a published data set are not on this machine, and cannot be had now.</summary>
/// <param name="field">As in <see cref="DatasetException"/>.</param>
/// <param name="message">Which files, where they belong, where they are published.</param>
/// <param name="published">What is known about the set all the same.</param>
/// <param name="innerException">As in <see cref="DatasetException"/>.</param>
public sealed class DatasetAbsentException(string field, string message, DatasetInfo published, Exception? innerException = null) : DatasetException(field, message, innerException)
{
    public DatasetInfo Published { get; } = published;

    public override DatasetException Told(string message) => new DatasetAbsentException(Field, message, Published, this);
}

public interface IDatasetCatalogue
{
    /// <summary>Every name that a spec can use, sorted.</summary>
    IReadOnlyList<DatasetKind> Kinds { get; }

    /// <summary>The data sets found under the data roots, those that cannot be used (<see cref="DatasetInfo.Fault"/>) among them, and <c>synthetic</c>.</summary>
    IReadOnlyList<DatasetInfo> List();

    /// <summary>Those of <see cref="List"/> whose spec has this name.</summary>
    IReadOnlyList<DatasetInfo> ListOf(string kind) => [.. List().Where(info => string.Equals(info.Spec.Name, kind, StringComparison.Ordinal))];

    /// <summary>Looks at the folder (or the numbers of a synthetic set) without decoding anything.</summary>
    /// <exception cref="DatasetException">Unknown name, path outside the roots or absent, unknown or empty class, no images.</exception>
    DatasetInfo Inspect(DatasetSpec spec);
}
