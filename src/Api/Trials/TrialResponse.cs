using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Trials;

/// <summary>One candidate with one seed, as clients see it.</summary>
public sealed record TrialResponse
{
    public required Guid Id { get; init; }

    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    public required string Backbone { get; init; }

    public required int Repeat { get; init; }

    public required long Seed { get; init; }

    public required TrialState State { get; init; }

    /// <summary>How often a worker has taken it; more than 1 after a worker was lost.</summary>
    public required int Attempt { get; init; }

    /// <summary>The worker that has it, or had it last.</summary>
    public required string? Worker { get; init; }

    /// <example>cpu</example>
    public required string? Device { get; init; }

    /// <summary>SHA-256 of the images and labels that it was trained on; null until it has loaded them.</summary>
    public required string? DatasetHash { get; init; }

    /// <summary>What else its numbers depend on: with the job's `spec` and the seed, all that a repetition needs.</summary>
    public required IReadOnlyDictionary<string, string>? Software { get; init; }

    public required int EpochsDone { get; init; }

    public required int EpochsTarget { get; init; }

    /// <summary>What you should know although the trial goes on.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required Failure? Failure { get; init; }

    /// <summary>What it starts from, as in the spec: `random`, `imagenet`, `file:…`.</summary>
    /// <example>random</example>
    public required string Weights { get; init; }

    /// <summary>What it was trained to, where `training.saveWeights` asks for it: the next job's `weights`.</summary>
    /// <example>null</example>
    public required string? SavedWeights { get; init; }

    /// <summary>Training-free scores, measured before training; empty until then.</summary>
    public required IReadOnlyList<TrialScoreResponse> Scores { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public static TrialResponse Of(Trial trial, JobSpec spec, IEnumerable<TrialScore> scores) => new()
    {
        Id = trial.Id,
        Candidate = trial.Candidate,
        Backbone = spec.Candidates[trial.CandidateIndex].Backbone,
        Repeat = trial.Repeat,
        Seed = trial.Seed,
        State = trial.State,
        Attempt = trial.Attempt,
        Worker = trial.LeaseOwner,
        Device = trial.Device,
        DatasetHash = trial.DatasetHash,
        Software = trial.Software,
        EpochsDone = trial.EpochsDone,
        EpochsTarget = trial.EpochsTarget,
        Notes = trial.Notes,
        Failure = trial.Failure,
        Weights = spec.Candidates[trial.CandidateIndex].Weights,
        SavedWeights = trial.WeightsPath is { } path ? $"file:{path}" : null,
        Scores = [.. scores.OrderBy(score => score.Name, StringComparer.Ordinal).Select(score => new TrialScoreResponse(score.Name, score.Value, score.Reason))],
        StartedAt = trial.StartedAt,
        FinishedAt = trial.FinishedAt,
    };
}

/// <summary>What a score said of a trial's backbone before training; greater is better.</summary>
/// <param name="Name" example="logme">Of the predictor that ranks by it.</param>
/// <param name="Value" example="0.67">Null: there is none.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record TrialScoreResponse(string Name, double? Value, string? Reason);
