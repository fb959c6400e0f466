using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Notifications;

/// <summary>What a receiver can be told of.</summary>
public static class JobEvents
{
    public const string JobStarted = "job.started";
    public const string JobSucceeded = "job.succeeded";
    public const string JobFailed = "job.failed";
    public const string JobCancelled = "job.cancelled";
    public const string FinalizationSucceeded = "finalization.succeeded";
    public const string FinalizationFailed = "finalization.failed";
    public const string FinalizationCancelled = "finalization.cancelled";

    public static IReadOnlyList<string> All { get; } =
        [JobStarted, JobSucceeded, JobFailed, JobCancelled, FinalizationSucceeded, FinalizationFailed, FinalizationCancelled];

    /// <summary>The event of a job that has just come to a state; null: nobody is told.</summary>
    /// <param name="isFinalization">The job trains another one's winner to the end.</param>
    public static string? Of(JobState state, bool isFinalization) => (state, isFinalization) switch
    {
        (JobState.Running, false) => JobStarted,
        (JobState.Succeeded, false) => JobSucceeded,
        (JobState.Failed, false) => JobFailed,
        (JobState.Cancelled, false) => JobCancelled,
        (JobState.Succeeded, true) => FinalizationSucceeded,
        (JobState.Failed, true) => FinalizationFailed,
        (JobState.Cancelled, true) => FinalizationCancelled,
        _ => null,
    };
}
