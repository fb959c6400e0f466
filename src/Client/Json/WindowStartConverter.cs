using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client.Json;

/// <summary>An epoch, or <c>"auto"</c>, which is null here.</summary>
internal sealed class WindowStartConverter : JsonConverter<int?>
{
    public override bool HandleNull => true;

    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType is JsonTokenType.Number ? reader.GetInt32() : null;

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } epoch) writer.WriteNumberValue(epoch);
        else writer.WriteStringValue("auto");
    }
}
