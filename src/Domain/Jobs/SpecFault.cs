using System.Text.Json.Serialization;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>One thing that is wrong with a job spec.</summary>
/// <param name="Path">Where: <c>training.batchSize</c>, <c>candidates[2].backbone</c>; <c>$</c> is the document itself.</param>
/// <param name="Value">What was there, as JSON and shortened; null where nothing was.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Accepted">What would be accepted.</param>
public sealed record SpecFault(string Path, string? Value, string Problem, string Accepted)
{
    private const int LongestPath = 300;
    private const int LongestValue = 1_000;
    private const int LongestProblem = 2_000;
    private const int LongestAccepted = 4_000;

    /// <summary>The spec is right, but something that it needs is not on this machine and cannot be had now.</summary>
    [JsonIgnore]
    public bool IsObstacle { get; init; }

    /// <summary>Names of fields and texts are the client's, and may be as long as the whole document.</summary>
    internal SpecFault Shortened() => this with
    {
        Path = ShortText.Of(Path, LongestPath),
        Value = Value is { } value ? ShortText.Of(value, LongestValue) : null,
        Problem = ShortText.Of(Problem, LongestProblem),
        Accepted = ShortText.Of(Accepted, LongestAccepted),
    };
}

/// <summary>A resolved spec, or every reason why there is none.</summary>
/// <param name="Spec">With all defaults filled in; null where <paramref name="Faults"/> is not empty.</param>
/// <param name="Faults">Obstacles included; the first ones where there are many.</param>
/// <param name="Intended">The same, also where there are obstacles but no other faults.</param>
public sealed record JobSpecResult(JobSpec? Spec, IReadOnlyList<SpecFault> Faults, JobSpec? Intended = null)
{
    /// <summary>There are more faults than <see cref="Faults"/>.</summary>
    public bool HasMore { get; init; }

    /// <summary>What a user should know about the data set and what the job makes of it, although it can be run.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
