using System.Diagnostics.CodeAnalysis;

namespace NeuralCapacitance.Api.Json;

/// <summary>One value of a parameter that may be given several times, each with several words of an enum, separated by commas.</summary>
public readonly record struct WordList<TEnum>(IReadOnlyList<TEnum> Values)
    where TEnum : struct, Enum
{
    public static bool TryParse([NotNullWhen(true)] string? text, out WordList<TEnum> words)
    {
        var values = new List<TEnum>();
        foreach (var part in WordList.Split(text ?? ""))
        {
            if (!Word<TEnum>.TryParse(part, out var word))
            {
                words = default;
                return false;
            }

            values.Add(word.Value);
        }

        words = new(values);
        return true;
    }

    /// <summary>Of all its values; empty where the parameter is absent.</summary>
    public static IReadOnlyList<TEnum> All(IReadOnlyList<WordList<TEnum>>? parameter) => [.. (parameter ?? []).SelectMany(words => words.Values ?? []).Distinct()];
}

internal static class WordList
{
    public static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries);
}
