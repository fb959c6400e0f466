using System.Text.Json.Nodes;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Endpoint metadata: a body that works when it is sent as it is.</summary>
internal sealed record RequestExample(JsonNode Body)
{
    /// <summary>The job that <c>run</c> submits.</summary>
    public static RequestExample Quickstart { get; } = new(JsonNode.Parse(Jobs.ExampleSpec.Text)!);

    public static RequestExample Webhooks { get; } = new(new JsonObject
    {
        ["notify"] = new JsonArray(new JsonObject { ["url"] = "https://hooks.example.org/selection", ["events"] = new JsonArray("job.succeeded", "job.failed") }),
    });

    public static RequestExample Key { get; } = new(new JsonObject { ["name"] = "ci", ["role"] = "submit", ["expires"] = "90d" });

    public static RequestExample Rotation { get; } = new(new JsonObject { ["overlap"] = "24h" });

    public static RequestExample Session { get; } = new(new JsonObject { ["key"] = "nck_…" });

    public static RequestExample Finalize { get; } = new(new JsonObject { ["candidate"] = "resnet8", ["head"] = "linear", ["epochs"] = 50 });
}
