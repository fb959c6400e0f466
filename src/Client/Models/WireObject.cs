using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client.Models;

/// <summary>A JSON object of the service. What a later version of it says besides is kept, and written again.</summary>
public abstract record WireObject
{
    /// <summary>Fields that this version of the client has no member for; null: none.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; set; }
}
