using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>Software versions as a JSON object.</summary>
internal static class SoftwareJson
{
    public static ValueConverter<Dictionary<string, string>?, string?> Converter { get; } = new(
        software => Write(software),
        json => Parse(json));

    public static ValueComparer<Dictionary<string, string>?> Comparer { get; } = new(
        (a, b) => Write(a) == Write(b),
        software => (Write(software) ?? "").GetHashCode(StringComparison.Ordinal),
        software => Parse(Write(software)));

    private static string? Write(Dictionary<string, string>? software) => software is null ? null : JsonSerializer.Serialize(software);

    private static Dictionary<string, string>? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(json);
}
