namespace NeuralCapacitance.Api.CommandLine;

/// <summary>Arguments that no option of a command takes.</summary>
internal static class SettingTokens
{
    /// <summary>Those that are no settings: neither <c>--Section:Key=value</c> nor <c>--Section:Key value</c>.</summary>
    public static IReadOnlyList<string> Unknown(IReadOnlyList<string> tokens)
        => [.. tokens.Where((token, index) => !IsSetting(token) && !(index > 0 && !token.StartsWith("--", StringComparison.Ordinal) && TakesValue(tokens[index - 1])))];

    private static bool IsSetting(string token) => token.StartsWith("--", StringComparison.Ordinal) && token.Split('=', 2)[0].Contains(':', StringComparison.Ordinal);

    private static bool TakesValue(string token) => IsSetting(token) && !token.Contains('=', StringComparison.Ordinal);
}
