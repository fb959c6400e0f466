using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Client.Json;

/// <summary>A number of images, or <c>"all"</c>, which is <see cref="int.MaxValue"/> here.</summary>
internal sealed class TrainLimitConverter : JsonConverter<int?>
{
    private const int All = int.MaxValue;

    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => All,
        _ => reader.GetInt32(),
    };

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is All) writer.WriteStringValue("all");
        else if (value is { } limit) writer.WriteNumberValue(limit);
        else writer.WriteNullValue();
    }
}
