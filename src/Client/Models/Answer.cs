using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>What a job comes to, for somebody who reads one line.</summary>
public sealed record Answer : WireObject
{
    public required AnswerKind Kind { get; init; }

    /// <summary>One sentence; names stand between backticks.</summary>
    public required string Sentence { get; init; }

    /// <summary>Candidates to take, the likeliest first: one where it is answered, all that cannot be told apart in a tie, none without an answer.</summary>
    public required IReadOnlyList<string> Recommended { get; init; }

    /// <summary>What to do now.</summary>
    public required string Next { get; init; }

    /// <summary>In a tie: after so many more epochs the candidates are more likely told apart than not. Null: that cannot be said, or none would do.</summary>
    public int? MoreEpochs { get; init; }

    /// <summary>The job that observes them; null where there is none.</summary>
    public FurtherJob? Further { get; init; }
}

/// <summary>A job that looks further than another: the other's spec in mode <see cref="SelectionMode.Early"/>, with these in place of its own.</summary>
public sealed record FurtherJob : WireObject
{
    /// <summary>Says where it comes from.</summary>
    public required string Name { get; init; }

    /// <summary><c>selection.observe</c>.</summary>
    public required int Observe { get; init; }

    /// <summary>Names, in the order of the spec: those that cannot be told apart, and where these are few the next of the ranking.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>The whole spec.</summary>
    /// <param name="spec">Of the job whose answer this is from.</param>
    public JobSpec From(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with
        {
            Name = Name,
            Candidates = [.. spec.Candidates.Where(candidate => Candidates.Contains(candidate.Name))],
            Selection = (spec.Selection ?? new SelectionSpec()) with { Mode = SelectionMode.Early, Observe = Observe, Race = null },
        };
    }
}

[JsonConverter(typeof(WordConverter<AnswerKind>))]
public enum AnswerKind
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    /// <summary>There is a candidate to take.</summary>
    Answered,

    /// <summary>Several candidates cannot be told apart.</summary>
    Tie,

    /// <summary>Not yet, or not at all; the sentence says why.</summary>
    NoAnswer,
}
