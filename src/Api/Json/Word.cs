using System.Diagnostics.CodeAnalysis;

namespace NeuralCapacitance.Api.Json;

/// <summary>An enum in a query, written as it is in JSON: the framework's own binding knows neither lower case nor where to stop (<c>state=7</c>).</summary>
public readonly record struct Word<TEnum>(TEnum Value)
    where TEnum : struct, Enum
{
    public static bool TryParse([NotNullWhen(true)] string? text, out Word<TEnum> word)
    {
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                word = new(value);
                return true;
            }
        }

        word = default;
        return false;
    }
}
