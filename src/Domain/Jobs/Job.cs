using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>One selection: a spec and where it stands.</summary>
public sealed record Job
{
    public required Guid Id { get; init; }

    public required JobState State { get; init; }

    public required JobSpec Spec { get; init; }

    /// <summary>Who submitted it, as in <see cref="Caller.Owner"/>.</summary>
    public string Owner { get; init; } = Caller.LocalOwner;

    /// <summary>The job whose candidate this one trains to the end; null: it is a selection.</summary>
    public Guid? Finalizes { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>What a user should know about its data set, as that was when the job was submitted.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Grows with every change of the job, its trials or its observations: the ETag.</summary>
    public required long Version { get; init; }
}
