using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>Why there is no answer, and what is known all the same.</summary>
internal static class Unanswered
{
    public static Answer Of(Job job, JobCourse course, Ranking ranking)
    {
        var (why, next) = job.State switch
        {
            JobState.Queued => ("No answer yet: no worker has taken the job.", "Wait until a worker has a free slot, or start another worker."),
            JobState.Running => ($"No answer yet: {Trained(course)} {(course.EpochsTrained == 1 ? "is" : "are")} trained; {SoFar(job, ranking)}.", "Follow the job, or ask again: the answer comes with the end of its last trial."),
            JobState.Cancelling or JobState.Cancelled when course.EpochsTrained == 0 => ("No answer: the job was cancelled before its first epoch.", "Submit the job again and let it end."),
            JobState.Cancelling or JobState.Cancelled =>
                ($"No answer: the job was cancelled when {Trained(course)} {(course.EpochsTrained == 1 ? "was" : "were")} trained; {SoFar(job, ranking)}.", "Submit the job again and let it end."),
            JobState.Failed => ($"No answer: {Failed(job, ranking)}", "Mend what the message names, and submit the job again."),
            _ => ($"No answer: {(ranking.Candidates.Count == 1 ? "the candidate" : $"none of the {ranking.Candidates.Count} candidates")} can be ranked. {FirstReason(ranking)}",
                "Rank the job by another predictor or other epochs, or submit it again with what the reasons ask for."),
        };
        return new Answer { Kind = AnswerKind.NoAnswer, Sentence = why, Recommended = [], Next = next };
    }

    private static string Trained(JobCourse course)
        => $"{course.EpochsTrained} of {Words.Count(course.EpochsPlanned, "epoch")}";

    private static string SoFar(Job job, Ranking ranking)
    {
        if (job.Finalizes is not null) return "its model is written at the end";
        if (ranking.Candidates is not [{ Rank: 1 } first, ..]) return "nobody can be ranked so far";
        return first is { PredictedAccuracy: { } accuracy, IntervalLow: { } low, IntervalHigh: { } high, ProbabilityBest: { } probability }
            ? $"so far {Words.Quoted(first.Candidate)} leads with {Words.Expected(accuracy, low, high)}, {Words.Sure(probability)} that it is the best"
            : $"so far {Words.Quoted(first.Candidate)} comes first by `{ranking.Predictor}`";
    }

    private static string Failed(Job job, Ranking ranking)
    {
        var failures = ranking.Candidates.Where(c => c.Failure is not null).ToList();
        var (who, message) = failures.Count == 0 ? ("the job", job.Failure?.Message) : (Words.Quoted(failures[0].Candidate), failures[0].Failure!.Message);
        var reason = message is null ? $"{who} failed." : $"{who} failed: {Sentence(message)}";
        return ranking.Candidates.Count > 1 && failures.Count > 1 ? $"all {ranking.Candidates.Count} candidates failed. {Capital(reason)}" : reason;
    }

    private static string FirstReason(Ranking ranking)
        => ranking.Candidates.FirstOrDefault(c => c.Reason is not null || c.Failure is not null) is { } candidate
            ? $"Of {Words.Quoted(candidate.Candidate)}: {Sentence(candidate.Failure?.Message ?? candidate.Reason!)}"
            : "";

    private static string Capital(string text) => text[0] is '`' ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>In one line, with one mark at its end.</summary>
    private static string Sentence(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line is [.., '.' or '!' or '?'] ? line : $"{line}.";
    }
}
