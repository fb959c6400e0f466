namespace NeuralCapacitance.Domain.Trials;

public enum TrialState
{
    Queued,
    Running,

    /// <summary>Of a race: it has finished its round and waits for the others.</summary>
    Paused,
    Succeeded,
    Failed,

    /// <summary>Of a race: its candidate is out.</summary>
    Dropped,
    Cancelled,
}

/// <summary>One candidate with one seed: the unit of queueing.</summary>
public sealed record Trial
{
    public required Guid Id { get; init; }

    public required Guid JobId { get; init; }

    /// <summary>Position of the candidate in the job's spec.</summary>
    public required int CandidateIndex { get; init; }

    public required string Candidate { get; init; }

    /// <summary>0 … repeats − 1.</summary>
    public required int Repeat { get; init; }

    public required long Seed { get; init; }

    public required TrialState State { get; init; }

    /// <summary>How often a worker has taken this trial; half of the fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>Who holds it now; the other half of the fencing token.</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>Epochs finished and observed; epoch 0, before training, does not count.</summary>
    public int EpochsDone { get; init; }

    public required int EpochsTarget { get; init; }

    /// <summary>What it runs on: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Of the images and labels that the last attempt loaded: SHA-256, hexadecimal. Null: none has yet.</summary>
    public string? DatasetHash { get; init; }

    /// <summary>Name → version of all else that the last attempt's numbers depend on: the service, .NET, libtorch, CPU threads.</summary>
    public IReadOnlyDictionary<string, string>? Software { get; init; }

    /// <summary>What the user should know although the trial goes on (an input upsampled, say).</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public Failure? Failure { get; init; }

    /// <summary>Saved backbone, relative to the artifact root: the next job's <c>file:</c> weights.</summary>
    public string? WeightsPath { get; init; }

    /// <summary>Of the file at <see cref="WeightsPath"/>; null: there is none, or it was saved before digests were kept.</summary>
    public FileDigest? WeightsDigest { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
