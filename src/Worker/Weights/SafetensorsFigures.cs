using System.Globalization;
using System.Text.Json;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Numbers among a safetensors file's metadata, whose values are texts by its format.</summary>
internal static class SafetensorsFigures
{
    /// <summary>Texts that are numbers, by their keys, and the numbers of texts that are JSON objects, as <c>KEY.NAME</c>. What is neither says nothing.</summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyDictionary<string, string> metadata) => metadata
        .SelectMany(item => Number(item.Value) is { } number ? [(item.Key, number)] : OfObject(item.Key, item.Value))
        .GroupBy(figure => figure.Item1, StringComparer.Ordinal)
        .ToDictionary(figures => figures.Key, figures => figures.First().Item2, StringComparer.Ordinal);

    private static double? Number(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IEnumerable<(string, double)> OfObject(string key, string text)
    {
        if (!text.StartsWith('{')) return [];
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDouble(out _))
                .Select(property => ($"{key}.{property.Name}", property.Value.GetDouble()))];
        }
        // InvalidOperationException: a name with a lone surrogate.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
