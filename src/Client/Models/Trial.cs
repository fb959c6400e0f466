using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>One candidate with one seed.</summary>
public sealed record Trial : WireObject
{
    public required Guid Id { get; init; }

    public required string Candidate { get; init; }

    public required string Backbone { get; init; }

    public required int Repeat { get; init; }

    public required long Seed { get; init; }

    public required TrialState State { get; init; }

    /// <summary>How often a worker has taken it; more than 1 after a worker was lost.</summary>
    public required int Attempt { get; init; }

    /// <summary>The worker that has it, or had it last.</summary>
    public string? Worker { get; init; }

    public string? Device { get; init; }

    /// <summary>SHA-256 of the images and labels that it was trained on; null until it has loaded them.</summary>
    public string? DatasetHash { get; init; }

    /// <summary>What else its numbers depend on: with the job's <c>spec</c> and the seed, all that a repetition needs.</summary>
    public IReadOnlyDictionary<string, string>? Software { get; init; }

    public required int EpochsDone { get; init; }

    public required int EpochsTarget { get; init; }

    /// <summary>What you should know although the trial goes on.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>What it starts from, as in the spec: <c>random</c>, <c>imagenet</c>, <c>file:…</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>What it was trained to, where <c>training.saveWeights</c> asks for it: the next job's <c>weights</c>.</summary>
    public string? SavedWeights { get; init; }

    /// <summary>Training-free scores, measured before training; empty until then.</summary>
    public required IReadOnlyList<TrialScore> Scores { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

[JsonConverter(typeof(WordConverter<TrialState>))]
public enum TrialState
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Queued,
    Running,
    Paused,
    Succeeded,
    Failed,
    Dropped,
    Cancelled,
}

/// <summary>What a score said of a trial's backbone before training; greater is better.</summary>
public sealed record TrialScore : WireObject
{
    /// <summary>Of the predictor that ranks by it.</summary>
    public required string Name { get; init; }

    /// <summary>Null: there is none.</summary>
    public double? Value { get; init; }

    /// <summary>Why there is none.</summary>
    public string? Reason { get; init; }
}
