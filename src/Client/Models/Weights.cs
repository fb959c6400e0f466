namespace NeuralCapacitance.Client.Models;

/// <summary>Files that a candidate can start from.</summary>
public sealed record WeightsList : WireObject
{
    /// <summary>Files of people's by path, then what trials saved, the newest first.</summary>
    public required IReadOnlyList<WeightsEntry> Items { get; init; }

    /// <summary>Why not all are listed; null: they are.</summary>
    public string? More { get; init; }
}

/// <summary>A file of weights.</summary>
public sealed record WeightsEntry : WireObject
{
    /// <summary>As a candidate's <c>weights</c>: <c>file:PATH</c>.</summary>
    public required string Weights { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The trial that saved it; null: somebody put it there.</summary>
    public WeightsOrigin? SavedBy { get; init; }
}

/// <summary>A trial that has saved its network.</summary>
public sealed record WeightsOrigin : WireObject
{
    public required Guid JobId { get; init; }

    /// <summary>The client's label.</summary>
    public string? JobName { get; init; }

    public required string Candidate { get; init; }

    /// <summary>Whose weights these are.</summary>
    public required string Backbone { get; init; }

    public required long Seed { get; init; }
}
