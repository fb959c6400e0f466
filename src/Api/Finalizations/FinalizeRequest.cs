using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Finalizations;

namespace NeuralCapacitance.Api.Finalizations;

/// <summary>What to train to the end, as OpenAPI shows it; everything has a default, and the body may be empty.</summary>
public sealed record FinalizeRequest
{
    /// <summary>Name of a candidate of the job; the first of the ranking if absent.</summary>
    /// <example>resnet8</example>
    public string? Candidate { get; init; }

    /// <summary>Whose ranking has that first; the job's own if absent. Not beside `candidate`.</summary>
    public string? Predictor { get; init; }

    /// <summary>`linear` if absent.</summary>
    public ModelHead? Head { get; init; }

    /// <summary>The job's `training.epochs` if absent.</summary>
    /// <example>50</example>
    public int? Epochs { get; init; }

    /// <summary>A number, or `all`; the job's own limit if absent.</summary>
    public JsonNode? TrainLimit { get; init; }

    /// <summary>The job's if absent.</summary>
    public long? Seed { get; init; }
}
