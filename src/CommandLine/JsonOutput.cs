using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.CommandLine;

/// <summary>Results for programs.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(WireJson.Options) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static Option<bool> Option() => new("--json") { Description = "Write JSON, as the service does, in place of text." };

    public static void WriteJson<T>(this Surroundings surroundings, T value) => surroundings.Output.WriteLine(JsonSerializer.Serialize(value, Options));
}
