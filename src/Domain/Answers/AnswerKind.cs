using System.Text.Json.Serialization;

namespace NeuralCapacitance.Domain.Answers;

public enum AnswerKind
{
    /// <summary>There is a candidate to take.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>Several candidates cannot be told apart.</summary>
    [JsonStringEnumMemberName("tie")]
    Tie,

    /// <summary>Not yet, or not at all; the sentence says why.</summary>
    [JsonStringEnumMemberName("no-answer")]
    NoAnswer,
}
