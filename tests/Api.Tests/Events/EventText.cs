using System.Net.ServerSentEvents;
using System.Text.Json;

namespace NeuralCapacitance.Api.Tests.Events;

/// <summary>Whole events, as they are sent.</summary>
internal static class EventText
{
    public static List<SseItem<string>> Parse(ReadOnlyMemory<byte> text) => [.. SseParser.Create(new MemoryStream(text.ToArray())).Enumerate()];

    public static string Member(SseItem<string> item, string name) => JsonDocument.Parse(item.Data).RootElement.GetProperty(name).ToString();
}
