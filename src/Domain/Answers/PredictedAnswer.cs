using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>The answer of a job whose candidates were not trained to the end.</summary>
internal static class PredictedAnswer
{
    public static Answer Of(Job job, JobCourse course, Ranking ranking, int? raceWinner)
    {
        var ranked = ranking.Candidates.Where(c => c.Rank is not null).ToList();
        if (ranking.Unit is PredictionUnit.Score) return OfScores(ranking, ranked);
        if (raceWinner is { } winner && ranked.Find(c => c.CandidateIndex == winner) is { Rank: > 1 } won) return OfRace(ranked[0], won);
        var rivals = ranking.Rivals.Where(r => !r.IsToldApart).ToList();
        return rivals.Count == 0
            ? Clear(job, course, ranking, ranked)
            : TiedAnswer.Of(job, course, ranking, [ranked[0], .. rivals.Select(r => ranked.Find(c => c.CandidateIndex == r.CandidateIndex)!)], rivals);
    }

    private static Answer Clear(Job job, JobCourse course, Ranking ranking, List<RankedCandidate> ranked)
    {
        var first = ranked[0];
        var others = ranking.Candidates.Count - ranked.Count;
        var sure = ranked.Count == 1
            ? $"with nobody to compare it with, since {(others == 1 ? "the other candidate has" : $"the {others} others have")} no prediction"
            : $"{Words.Sure(first.ProbabilityBest!.Value)} that it is the best{(others > 0 ? $" of the {ranked.Count} that could be ranked" : "")}";
        return new Answer
        {
            Kind = AnswerKind.Answered,
            Sentence = $"Fine-tune {Words.Quoted(first.Candidate)}: {Expected(first)}, {sure}; {Stopped(job, course, ranking, first)}.",
            Recommended = [first.Candidate],
            Next = NextSteps.Finalize(job, first.Candidate),
        };
    }

    private static string Stopped(Job job, JobCourse course, Ranking ranking, RankedCandidate first)
    {
        var (done, all) = (course.Candidates[first.CandidateIndex].Epochs, job.Spec.Training.Epochs);
        var judged = ranking.Window.LastEpoch < done ? $"judged by epochs {ranking.Window.FirstEpoch} to {ranking.Window.LastEpoch}, " : "";
        var saved = course.SecondsSaved >= 1 ? $", {Words.Duration(course.SecondsSaved)} saved" : "";
        return done < all ? $"{judged}stopped after {done} of {Words.Count(all, "epoch")}{saved}" : $"{judged}trained for all {Words.Count(all, "epoch")}{saved}";
    }

    private static string Expected(RankedCandidate candidate) => Words.Expected(candidate.PredictedAccuracy!.Value, candidate.IntervalLow!.Value, candidate.IntervalHigh!.Value);

    /// <summary>The decisions knew less than the ranking does: the history of other jobs, say.</summary>
    private static Answer OfRace(RankedCandidate first, RankedCandidate won) => new()
    {
        Kind = AnswerKind.Tie,
        Sentence = $"The race ended with {Words.Quoted(won.Candidate)}, {Expected(won)}, but the ranking puts {Words.Quoted(first.Candidate)} first, {Expected(first)}: they cannot be told apart.",
        Recommended = [won.Candidate, first.Candidate],
        Next = $"Take {Words.Quoted(won.Candidate)}: it is expected to give away {Words.Points(won.ExpectedRegret!.Value)}.",
    };

    private static Answer OfScores(Ranking ranking, List<RankedCandidate> ranked)
    {
        List<string> leaders = [.. ranked.Where(c => c.Rank == 1).Select(c => c.Candidate)];
        return new Answer
        {
            Kind = leaders.Count == 1 ? AnswerKind.Answered : AnswerKind.Tie,
            Sentence = leaders.Count == 1
                ? $"By `{ranking.Predictor}` {Words.List(leaders)} comes first: that is an order, and says neither how accurate it will be nor how sure that is."
                : $"{Words.List(leaders)} cannot be told apart by `{ranking.Predictor}`: take the cheaper.",
            Recommended = leaders,
            Next = "Rank the job by a predictor of accuracies, `neural-capacitance` for one, to see how sure the order is.",
        };
    }
}
