using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>The winner of a job, or another candidate of it, trained to the end. It is a job of its own: cancel it, follow it, delete it as one.</summary>
public sealed record Finalization : WireObject
{
    public required Guid Id { get; init; }

    public required string Candidate { get; init; }

    public required ModelHead Head { get; init; }

    public required JobState State { get; init; }

    /// <summary>The job that trains it.</summary>
    public required string Href { get; init; }

    public Failure? Failure { get; init; }

    public Model? Model { get; init; }
}

/// <summary>A model that can be had: backbone and head in one safetensors file.</summary>
public sealed record Model : WireObject
{
    /// <summary>Where the file is.</summary>
    public required string Href { get; init; }

    public required string FileName { get; init; }

    /// <summary>Of the file, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Where the snippet is, as a file.</summary>
    public required string SnippetHref { get; init; }

    /// <summary>Python that loads the file with PyTorch.</summary>
    public required string Snippet { get; init; }
}

/// <summary>What to train to the end; everything has a default, and the body may be empty.</summary>
public sealed record FinalizeRequest : WireObject
{
    /// <summary>Name of a candidate of the job; the first of the ranking if absent.</summary>
    public string? Candidate { get; init; }

    /// <summary>Whose ranking has that first; the job's own if absent. Not beside <c>candidate</c>.</summary>
    public string? Predictor { get; init; }

    public ModelHead? Head { get; init; }

    /// <summary>The job's <c>training.epochs</c> if absent.</summary>
    public int? Epochs { get; init; }

    [JsonConverter(typeof(TrainLimitConverter))]
    public int? TrainLimit { get; init; }

    /// <summary>The job's if absent.</summary>
    public long? Seed { get; init; }
}
