using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>What is stored of a job at one moment, as its rankings, its answer and its report look at it.</summary>
/// <param name="Spec">As resolved.</param>
/// <param name="Decisions">Of a race, in their order; else empty.</param>
public sealed record StoredJob(JobSpec Spec, TrialRecords Records, IReadOnlyList<RaceDecision> Decisions, RankingBasis Basis, JobCourse Course, IReadOnlyDictionary<int, CandidateSummary> Summaries)
{
    private readonly Lazy<IReadOnlyList<ObservedCurve>> _curves = new(() => ObservedCurve.Of(Spec, Records.Trials, Records.Observations));

    /// <summary>In the order of the spec. Made when somebody asks.</summary>
    public IReadOnlyList<ObservedCurve> Curves => _curves.Value;

    internal static StoredJob Of(JobSpec spec, TrialRecords records, IReadOnlyList<RaceDecision> decisions) => new(
        spec,
        records,
        decisions,
        RankingBasis.Of(spec, records.Trials, records.Observations, records.Scores),
        JobCourse.Of(spec, records.Trials, records.Observations),
        CandidateSummary.Of(records.Trials, records.Observations));

    /// <summary>The race has the word where the ranking is the one that it was decided by.</summary>
    public Answer AnswerTo(Job job, Ranking ranking)
    {
        var won = Decisions.LastOrDefault(decision => decision is { Action: RaceAction.Stopped, IsLeader: true });
        var isItsOwn = string.Equals(ranking.Predictor, job.Spec.Selection.Predictor, StringComparison.Ordinal) && won?.Round == ranking.Window.LastEpoch;
        return JobAnswer.Of(job, Course, ranking, isItsOwn ? won!.Candidate : null);
    }
}
