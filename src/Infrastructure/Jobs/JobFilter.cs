using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>Which jobs a listing shows: those of which all holds that is said. Upper and lower case are the same.</summary>
public sealed record JobFilter
{
    /// <summary>In one of these states; none: in any.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>Part of the label, letter by letter: no character stands for others. Null: any label, or none.</summary>
    public string? Name { get; init; }

    /// <summary>The data set's name in the spec, or the last part of its path. Null: any.</summary>
    public string? Dataset { get; init; }

    /// <summary>Null: everybody's.</summary>
    public string? Owner { get; init; }
}
