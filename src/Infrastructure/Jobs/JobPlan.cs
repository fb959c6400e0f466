using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Tracing;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>The rows that a spec turns into.</summary>
internal static class JobPlan
{
    /// <param name="owner">As in <see cref="Domain.Access.Caller.Owner"/>.</param>
    /// <param name="finalizes">The job whose candidate the new one trains to the end; null: it is a selection.</param>
    public static JobRow NewJob(JobSpec spec, string givenSpec, string owner, DateTimeOffset now, Guid? finalizes = null) => new()
    {
        Id = Guid.CreateVersion7(now),
        Owner = owner,
        Finalizes = finalizes,
        State = JobState.Queued,
        Priority = spec.Priority,
        GivenSpec = givenSpec,
        Spec = spec,
        CreatedAt = now,
        TraceParent = ServiceTracing.TraceParent,
        Version = 1,
    };

    public static IReadOnlyList<TrialRow> TrialsOf(JobRow job, DateTimeOffset now) =>
    [
        .. from repeat in Enumerable.Range(0, job.Spec.Training.Repeats)
           from candidate in job.Spec.Candidates.Index()
           select new TrialRow
           {
               Id = Guid.CreateVersion7(now),
               JobId = job.Id,
               CandidateIndex = candidate.Index,
               Candidate = candidate.Item.Name,
               Repeat = repeat,
               Seed = job.Spec.Training.Seed + repeat,
               State = TrialState.Queued,
               EpochsTarget = job.Spec.EpochsTarget(),
           },
    ];
}
