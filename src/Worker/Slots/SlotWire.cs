using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>A message is a line of JSON. Numbers come out as they went in, to the last bit.</summary>
internal static class SlotWire
{
    private static readonly JsonSerializerOptions Options = MakeOptions();

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Options);

    /// <exception cref="JsonException">It is no message of this kind.</exception>
    public static T Read<T>(string line)
        => JsonSerializer.Deserialize<T>(line, Options) ?? throw new JsonException("A message is an object, not null.");

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JobSpecJson.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
