using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>What a text that is searched for may be. An empty one is as none.</summary>
internal static class TextQuery
{
    /// <summary>As long as a label, and longer than the name of a folder.</summary>
    public const int MaxLength = 255;

    public static FieldError? FaultIn(string parameter, string? text) => text switch
    {
        { Length: > MaxLength } => new FieldError(parameter, $"{text[..40]}…", $"has {text.Length} characters", Accepted),
        not null when text.Contains('\0', StringComparison.Ordinal) => new FieldError(parameter, null, "holds the character U+0000", Accepted),
        _ => null,
    };

    public static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static readonly string Accepted = $"a text of at most {MaxLength} characters, without U+0000";
}
