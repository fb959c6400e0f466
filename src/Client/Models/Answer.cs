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
