using System.Globalization;

namespace NeuralCapacitance.Client;

internal static class QueryText
{
    /// <summary><c>?a=1&amp;b=2</c>; what is null is left out.</summary>
    public static string Of(params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Convert.ToString(parameter.Value, CultureInfo.InvariantCulture)!)}").ToList();
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }
}
