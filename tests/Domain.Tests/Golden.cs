using System.Text.Json;

namespace NeuralCapacitance.Domain.Tests;

/// <summary>Reference values that tools/goldens_domain.py has written.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<T> Read<T>(string file)
        => JsonSerializer.Deserialize<List<T>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", file)), Options)!;
}
