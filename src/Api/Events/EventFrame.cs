using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace NeuralCapacitance.Api.Events;

/// <summary>One event as it is sent (text/event-stream), made once for all who follow.</summary>
/// <param name="Observation">Id of the observation that it tells; 0: it tells something else.</param>
internal sealed record EventFrame(long Observation, byte[] Text)
{
    public static EventFrame Of(SseItem<object> item, JsonSerializerOptions json, long observation = 0)
    {
        var text = new MemoryStream();
        var written = SseFormatter.WriteAsync(new[] { item }.ToAsyncEnumerable(), text, (one, output) => WriteData(one, output, json));
        // Nothing in memory is waited for.
        written.GetAwaiter().GetResult();
        return new(observation, text.ToArray());
    }

    private static void WriteData(SseItem<object> item, IBufferWriter<byte> output, JsonSerializerOptions json)
    {
        using var writer = new Utf8JsonWriter(output, new() { Encoder = json.Encoder });
        JsonSerializer.Serialize(writer, item.Data, item.Data.GetType(), json);
    }
}
