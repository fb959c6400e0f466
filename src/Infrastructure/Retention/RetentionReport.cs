namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>What retention throws away, or would.</summary>
/// <param name="At">When it was looked, UTC.</param>
/// <param name="Bytes">Of the files in all.</param>
public sealed record RetentionReport(DateTimeOffset At, IReadOnlyList<RetentionKind> Kinds, long Bytes);

/// <summary>One kind of things, and what becomes of them.</summary>
public sealed record RetentionKind
{
    /// <summary><c>jobs</c>, <c>models</c>, <c>uploads</c>, <c>checkpoints</c>, <c>leftovers</c>, <c>logs</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>What was not needed for longer goes; null: whatever its age.</summary>
    public required double? MaxAgeSeconds { get; init; }

    /// <summary>Of more, those needed last stay; null: as many as there are.</summary>
    public required int? MaxCount { get; init; }

    /// <summary>How many go.</summary>
    public required int Removed { get; init; }

    /// <summary>Of their files.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>The first hundred of them.</summary>
    public required IReadOnlyList<RetentionItem> Items { get; init; }

    /// <summary>How many stay although the limit is passed.</summary>
    public required int Kept { get; init; }

    /// <summary>The first hundred of these, and why.</summary>
    public required IReadOnlyList<RetentionItem> KeptItems { get; init; }
}

/// <param name="Name">Id of a job, name of a data set, of a file.</param>
/// <param name="Bytes">Of its files; 0 of what only lies in the database.</param>
/// <param name="UsedAt">When it was needed last, UTC.</param>
/// <param name="Reason">Why it goes, or stays.</param>
public sealed record RetentionItem(string Name, long Bytes, DateTimeOffset UsedAt, string Reason);
