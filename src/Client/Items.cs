using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client;

/// <summary>A listing, or one page of it.</summary>
internal sealed record Items<T>
{
    [JsonPropertyName("items")]
    public required IReadOnlyList<T> List { get; init; }

    public string? NextCursor { get; init; }

    public long? NextAfter { get; init; }
}
