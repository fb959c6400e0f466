using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>A selection job, or a finalization.</summary>
public sealed record Job : WireObject
{
    public required Guid Id { get; init; }

    /// <summary>The client's label.</summary>
    public string? Name { get; init; }

    /// <summary>Who submitted it: <c>key:NAME</c>, <c>user:SUBJECT</c>, or <c>local</c>.</summary>
    public required string Owner { get; init; }

    public required JobState State { get; init; }

    public required int Priority { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker took its first trial.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required JobProgress Progress { get; init; }

    public RaceStanding? Race { get; init; }

    /// <summary>Estimated seconds until the job ends, of a race at most; null with a reason in <see cref="EtaReason"/>.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Why there is no estimate.</summary>
    public string? EtaReason { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>Read before acting on the result: how many candidates failed. A job with a single candidate that did not has succeeded.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What you should know about its data set, as that was when the job was submitted: folders that are not read, files that are left out, classes of few images.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What it comes to, as in its ranking; null in lists and events, and before it has ended: ask for the ranking.</summary>
    public Answer? Answer { get; init; }

    /// <summary>The job whose candidate this one trains to the end; null: it is a selection.</summary>
    public Guid? Finalizes { get; init; }

    public Finalization? Finalization { get; init; }

    /// <summary>Why there is none although <c>selection.finalize</c> asks for it.</summary>
    public string? FinalizationReason { get; init; }

    public required JobSpec Spec { get; init; }

    /// <summary>Grows with every change; also the ETag.</summary>
    public required long Version { get; init; }

    public required JobLinks Links { get; init; }
}

[JsonConverter(typeof(WordConverter<JobState>))]
public enum JobState
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelling,
    Cancelled,
}

/// <summary>How far a job is.</summary>
public sealed record JobProgress : WireObject
{
    /// <summary>Candidates × repeats.</summary>
    public required int Trials { get; init; }

    /// <summary>On a worker now.</summary>
    public required int TrialsRunning { get; init; }

    /// <summary>Ended, in whatever way.</summary>
    public required int TrialsDone { get; init; }

    /// <summary>Of those, how many failed.</summary>
    public required int TrialsFailed { get; init; }

    /// <summary>Over all trials; of a race as if nobody further were dropped.</summary>
    public required int Epochs { get; init; }

    /// <summary>Finished and observed.</summary>
    public required int EpochsDone { get; init; }

    /// <summary>Share of the work done, in [0, 1]; an epoch counts by its backbone's multiply-adds.</summary>
    public required double Fraction { get; init; }
}

/// <summary>Where everything about a job is; paths on this service.</summary>
public sealed record JobLinks : WireObject
{
    public required string Self { get; init; }

    public required string Cancel { get; init; }

    public required string Trials { get; init; }

    public required string Observations { get; init; }

    public required string Csv { get; init; }

    public required string Events { get; init; }

    public required string Ranking { get; init; }

    public required string Decisions { get; init; }

    public required string Finalize { get; init; }

    /// <summary>Null of an earlier version of the service.</summary>
    public string? Report { get; init; }

    public required string Model { get; init; }

    public required string Page { get; init; }
}

/// <summary>Why something ended badly, in words that say what to do.</summary>
public sealed record Failure : WireObject
{
    /// <summary>Stable and machine-readable: <c>diverged</c>, <c>broken-image</c>, <c>out-of-memory</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>For a person: what was wrong, where, what would be accepted.</summary>
    public required string Message { get; init; }
}
