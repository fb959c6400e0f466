using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Answers;

/// <summary>A job of curves, asked for its answer.</summary>
internal static class AnswerOf
{
    public static (Answer Answer, Ranking Ranking) Job(JobOfCurves curves, JobState state = JobState.Succeeded, double secondsPerEpoch = 0, int? winner = null, Guid? finalizes = null, Failure? failure = null)
    {
        var ranking = Ranker.Rank(curves.Spec, curves.Trials, curves.Observations);
        List<Observation> timed = [.. curves.Observations.Select(o => o with { TrainSeconds = secondsPerEpoch * (1 + curves.Trials.Find(t => t.Id == o.TrialId)!.CandidateIndex) })];
        return (JobAnswer.Of(JobIn(curves.Spec, state, finalizes, failure), JobCourse.Of(curves.Spec, curves.Trials, timed), ranking, winner), ranking);
    }

    private static Job JobIn(JobSpec spec, JobState state, Guid? finalizes, Failure? failure) => new()
    {
        Id = Guid.NewGuid(), State = state, Spec = spec, Finalizes = finalizes, Failure = failure, CreatedAt = DateTimeOffset.UnixEpoch, Version = 1,
    };
}
