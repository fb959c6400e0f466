using MathNet.Numerics.Distributions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>The answer of a job whose candidates were trained to the end: what was measured has the word, and the prediction is told beside it.</summary>
internal static class MeasuredAnswer
{
    /// <summary>Of what chance brings to two accuracies on the same images, so much is common to both.</summary>
    private const double SharedLuck = 0.5;

    /// <param name="known">Candidates with a final accuracy; at least one.</param>
    public static Answer Of(Job job, JobCourse course, Ranking ranking, IReadOnlyList<RankedCandidate> known)
    {
        var best = known.OrderByDescending(c => c.FinalAccuracy).ToList();
        var tied = best.Where(c => c == best[0] || !IsToldApart(best[0].FinalAccuracy!.Value, c.FinalAccuracy!.Value, Images(course, ranking))).ToList();
        return tied.Count == 1 ? Clear(job, ranking, best) : Tie(course, ranking, tied);
    }

    public static Answer OfFinalization(Job job, JobCourse course, Ranking ranking)
    {
        var candidate = ranking.Candidates[0];
        return new Answer
        {
            Kind = AnswerKind.Answered,
            Sentence = candidate.FinalAccuracy is { } accuracy
                ? $"{Words.Quoted(candidate.Candidate)} is trained to the end: {Words.Measured(accuracy)} measured ({ranking.FinalAccuracyMeaning}) after {Words.Count(course.Candidates[0].Epochs, "epoch")}."
                : $"{Words.Quoted(candidate.Candidate)} is trained to the end; its accuracy was not measured.",
            Recommended = [candidate.Candidate],
            Next = "Download the model; its snippet loads it in PyTorch.",
        };
    }

    private static Answer Clear(Job job, Ranking ranking, List<RankedCandidate> best)
    {
        var (first, others) = (best[0], ranking.Candidates.Count - best.Count);
        var ahead = best.Count == 1
            ? $"with nobody to compare it with, since {(others == 1 ? "the other candidate was" : $"the {others} others were")} not trained to the end"
            : $"{Words.Points(first.FinalAccuracy!.Value - best[1].FinalAccuracy!.Value)} ahead of {Words.Quoted(best[1].Candidate)}{(others > 0 ? $" among the {best.Count} that were trained to the end" : "")}";
        return new Answer
        {
            Kind = AnswerKind.Answered,
            Sentence = $"Fine-tune {Words.Quoted(first.Candidate)}: {Words.Measured(first.FinalAccuracy!.Value)} measured at the end ({ranking.FinalAccuracyMeaning}), {ahead}; {Predicted(ranking, first)}.",
            Recommended = [first.Candidate],
            Next = NextSteps.Finalize(job, first.Candidate),
        };
    }

    private static string Predicted(Ranking ranking, RankedCandidate first)
    {
        if (first.Rank is not { } rank) return $"`{ranking.Predictor}` could not predict it";
        var place = $"put it {Words.Place(rank)} of {ranking.Candidates.Count(c => c.Rank is not null)}";
        return first is { PredictedAccuracy: { } accuracy, IntervalLow: { } low, IntervalHigh: { } high }
            ? $"the prediction from epochs {ranking.Window.FirstEpoch} to {ranking.Window.LastEpoch}, {Words.Expected(accuracy, low, high)}, {place}"
            : $"`{ranking.Predictor}`, before training, {place}";
    }

    private static Answer Tie(JobCourse course, Ranking ranking, List<RankedCandidate> tied) => new()
    {
        Kind = AnswerKind.Tie,
        Sentence = $"{Words.List([.. tied.Select(c => c.Candidate)])} cannot be told apart by their final accuracy "
            + $"({ranking.FinalAccuracyOf}, {Range(tied)}, on {Words.Count(Images(course, ranking), "image")}): {TiedAnswer.Take(tied.Count, TiedAnswer.CheapestOf(course, tied))}.",
        Recommended = [.. tied.Select(c => c.Candidate)],
        Next = "They are trained to the end: only more images to judge them by, or more repeats, can tell them apart.",
    };

    private static string Range(List<RankedCandidate> tied)
    {
        var (high, low) = (Words.Measured(tied[0].FinalAccuracy!.Value), Words.Measured(tied[^1].FinalAccuracy!.Value));
        return high == low ? high : $"{low} to {high}";
    }

    private static int Images(JobCourse course, Ranking ranking) => ranking.FinalAccuracyOf is "test" && course.TestImages > 0 ? course.TestImages : course.ValidationImages;

    private static bool IsToldApart(double better, double worse, int images)
    {
        var (a, b) = (BinomialNoise.Variance(better, images), BinomialNoise.Variance(worse, images));
        return Normal.CDF(0, 1, (better - worse) / Math.Sqrt(a + b - (2 * SharedLuck * Math.Sqrt(a * b)))) >= Rival.Apart;
    }
}
