using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>A resolved spec as JSON, in the form that <see cref="JobSpecReader"/> accepts.</summary>
public static class JobSpecJson
{
    /// <summary>camelCase names, lower-case words for enums, nulls written, texts left readable.</summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    public static string Write(JobSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>Reads back what <see cref="Write"/> wrote, without checking it against catalogues.</summary>
    /// <exception cref="JsonException">The text is no resolved spec.</exception>
    public static JobSpec Parse(string json) => JsonSerializer.Deserialize<JobSpec>(json, Options)
        ?? throw new JsonException("A resolved job spec is an object, not null.");

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary><see cref="SelectionSpec.Start"/>: a number, or <c>"auto"</c> for null.</summary>
internal sealed class StartJsonConverter : JsonConverter<int?>
{
    public override bool HandleNull => true;

    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when reader.ValueTextEquals("auto") => null,
        JsonTokenType.Number when reader.TryGetInt32(out var start) => start,
        _ => throw new JsonException("start is \"auto\" or a whole number."),
    };

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } start) writer.WriteNumberValue(start);
        else writer.WriteStringValue("auto");
    }
}
