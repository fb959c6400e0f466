using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client.Json;

/// <summary>An enum as a lower-case word with hyphens. A word that a later version of the service brings is read as 0, <c>Unknown</c>.</summary>
internal sealed class WordConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> Words = Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, TEnum> Values = Words.ToDictionary(word => word.Value, word => word.Key, StringComparer.OrdinalIgnoreCase);

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Values.GetValueOrDefault(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(Words[value]);
}
