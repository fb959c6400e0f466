using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>Which jobs to list: those of which all holds that is said. Upper and lower case are the same.</summary>
public sealed record JobQuery
{
    /// <summary>The most that the service gives at once.</summary>
    public const int MaxPageSize = 100;

    /// <summary>In one of these states; none: in any.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>Part of the label; no character stands for others.</summary>
    public string? Name { get; init; }

    /// <summary>The data set's name in the spec, or the last part of its path.</summary>
    public string? Dataset { get; init; }

    /// <summary>Fetched at once, 1 to <see cref="MaxPageSize"/>.</summary>
    public int PageSize { get; init; } = MaxPageSize;

    internal string ToQuery(string? cursor) => QueryText.Of(
        [.. States.Select(state => ("state", (object?)state.ToString().ToLowerInvariant())), ("name", Name), ("dataset", Dataset), ("limit", PageSize), ("cursor", cursor)]);
}
