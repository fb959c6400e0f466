using System.Text.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>One thing that is wrong with what was sent.</summary>
public sealed record Fault : WireObject
{
    /// <summary>Where: <c>training.batchSize</c>, <c>candidates[2].backbone</c>; <c>$</c> is the document itself.</summary>
    public required string Path { get; init; }

    /// <summary>What was there; null where nothing was.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required string Problem { get; init; }

    /// <summary>What would be accepted.</summary>
    public string? Accepted { get; init; }
}
