using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client.Json;

/// <summary>How the service writes JSON.</summary>
public static class WireJson
{
    /// <summary>Reads what the service sends, and writes what it takes. What is null is left out: the service has a default for it.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
