using NeuralCapacitance.Api.Finalizations;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>A job as clients see it.</summary>
public sealed record JobResponse
{
    public required Guid Id { get; init; }

    /// <summary>The client's label.</summary>
    /// <example>quickstart</example>
    public required string? Name { get; init; }

    /// <summary>Who submitted it: `key:NAME`, `user:SUBJECT`, or `local`.</summary>
    /// <example>local</example>
    public required string Owner { get; init; }

    /// <example>running</example>
    public required JobState State { get; init; }

    public required int Priority { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker took its first trial.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required JobProgress Progress { get; init; }

    /// <summary>Where its race stands and what that has saved; null but in mode `race`.</summary>
    public required RaceStanding? Race { get; init; }

    /// <summary>Estimated seconds until the job ends, of a race at most; null with a reason in <see cref="EtaReason"/>.</summary>
    public required double? EtaSeconds { get; init; }

    /// <summary>Why there is no estimate.</summary>
    public required string? EtaReason { get; init; }

    /// <summary>Why the job failed.</summary>
    public required Failure? Failure { get; init; }

    /// <summary>Read before acting on the result: how many candidates failed. A job with a single candidate that did not has succeeded.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What you should know about its data set, as that was when the job was submitted: folders that are not read, files that are left out, classes of few images.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>
    /// What it comes to, as in its ranking when it was first asked for. Null in lists and events, before the job has ended, and where the predictor takes its time: ask for the
    /// ranking; and while others are being computed: then the answer has no `ETag`, and the next look brings it.
    /// </summary>
    public Answer? Answer { get; init; }

    /// <summary>The job whose candidate this one trains to the end; null: it is a selection.</summary>
    public required Guid? Finalizes { get; init; }

    /// <summary>The newest one; of a finalization, itself. Null: nobody asked for one, or see <see cref="FinalizationReason"/>.</summary>
    public required FinalizationResponse? Finalization { get; init; }

    /// <summary>Why there is none although `selection.finalize` asks for it.</summary>
    public required string? FinalizationReason { get; init; }

    /// <summary>The spec as resolved: every default filled in.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Grows with every change; also the ETag.</summary>
    public required long Version { get; init; }

    public required JobLinks Links { get; init; }

    /// <param name="now">Only for the estimate.</param>
    /// <param name="finalization">The newest.</param>
    /// <param name="warnings">Null: none.</param>
    public static JobResponse Of(Job job, JobProgress progress, PathString pathBase, DateTimeOffset now, RaceStanding? race = null, FinalizationResponse? finalization = null, IReadOnlyList<string>? warnings = null)
    {
        var remaining = job is { StartedAt: { } started, State: JobState.Running } ? progress.Remaining(now - started) : null;
        return new()
        {
            Id = job.Id,
            Name = job.Spec.Name,
            Owner = job.Owner,
            State = job.State,
            Priority = job.Spec.Priority,
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            Progress = progress,
            Race = race,
            EtaSeconds = remaining is { } span ? Math.Round(span.TotalSeconds, 1) : null,
            EtaReason = remaining is null ? WhyNoEstimate(job) : null,
            Failure = job.Failure,
            Warnings = warnings ?? [],
            Problems = job.Problems,
            Finalizes = job.Finalizes,
            Finalization = finalization,
            FinalizationReason = job.Spec.Selection.Finalize is not null && finalization is null ? WhyNoFinalization(job) : null,
            Spec = job.Spec,
            Version = job.Version,
            Links = JobLinks.Of(pathBase, job.Id),
        };
    }

    private static string WhyNoFinalization(Job job) => job.State switch
    {
        JobState.Succeeded => "the ranking has no first candidate; POST …/finalize can name one",
        JobState.Failed => "every trial failed",
        JobState.Cancelled or JobState.Cancelling => "the job was cancelled",
        _ => "the job has not ended",
    };

    private static string WhyNoEstimate(Job job) => job.State switch
    {
        JobState.Queued => "no worker has taken the job yet",
        JobState.Running => "no epoch has been finished yet",
        JobState.Cancelling => "the workers are stopping",
        _ => "the job has ended",
    };
}
