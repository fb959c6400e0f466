using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>Puts a job's ranking into one line. Pure: the same numbers, the same words.</summary>
public static class JobAnswer
{
    /// <param name="course">Of the same moment as the ranking.</param>
    /// <param name="raceWinner">Position in the spec of the candidate with which the job's race ended; null: there is none, or the ranking is not the one that it was decided by.</param>
    public static Answer Of(Job job, JobCourse course, Ranking ranking, int? raceWinner = null)
    {
        if (!job.State.IsFinal || job.State is JobState.Failed or JobState.Cancelled) return Unanswered.Of(job, course, ranking);
        if (job.Finalizes is not null) return MeasuredAnswer.OfFinalization(job, course, ranking);
        var known = ranking.Candidates.Where(c => c.FinalAccuracy is not null).ToList();
        if (known.Count > 0) return MeasuredAnswer.Of(job, course, ranking, known);
        return ranking.Candidates.Any(c => c.Rank is not null) ? PredictedAnswer.Of(job, course, ranking, raceWinner) : Unanswered.Of(job, course, ranking);
    }
}
