using System.Globalization;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Reports;

/// <summary>The candidates, what was spent on each, and what was saved.</summary>
internal static class EffortSection
{
    public static IEnumerable<ReportBlock> Of(JobReport report)
    {
        var (job, course, trials) = (report.Job, report.Stored.Course, report.Stored.Records.Trials);
        yield return new Heading(2, job.Finalizes is null ? "The candidates, and what was saved" : "The candidate");
        var of = Words.Count(job.Spec.Training.Epochs, "epoch");
        yield return new Table(
            [
                new Column("Candidate"), new Column("Backbone"), new Column("Weights"), new Column("State"), new Column("Repeats", true),
                new Column($"Trained of {of}", true), new Column("Seconds an epoch", true),
            ],
            [
                .. job.Spec.Candidates.Select((candidate, index) => (IReadOnlyList<string>)
                [
                    Words.Quoted(candidate.Name), Words.Quoted(candidate.Backbone), Words.Quoted(candidate.Weights), State([.. trials.Where(trial => trial.CandidateIndex == index)]),
                    job.Spec.Training.Repeats.ToString(CultureInfo.InvariantCulture), course.Candidates[index].Epochs.ToString(CultureInfo.InvariantCulture),
                    course.Candidates[index].SecondsPerEpoch?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–",
                ]),
            ]);
        yield return new Paragraph($"{Words.Count(course.EpochsTrained, "epoch")} {(course.EpochsTrained == 1 ? "was" : "were")} trained over all trials, in {Words.Duration(course.SecondsSpent)} of training, β_eff and validation. {Saved(job, course)}");
        foreach (var trial in trials.Where(trial => trial.Failure is not null).OrderBy(trial => trial.CandidateIndex).ThenBy(trial => trial.Repeat))
        {
            yield return new Paragraph($"{Words.Quoted(trial.Candidate)}, seed {trial.Seed}, failed after {Words.Count(trial.EpochsDone, "epoch")}: {trial.Failure!.Message}");
        }
    }

    private static string Saved(Job job, JobCourse course) => job switch
    {
        { Finalizes: not null } => "",
        { State.IsFinal: false } => "What is saved can be said when trials have ended.",
        _ when course.EpochsSaved == 0 => "Nothing was saved: every candidate that did not fail was trained to the end.",
        _ => $"Training all candidates to the end would have taken {Words.Count(course.EpochsSaved, "epoch")} more, about {Words.Duration(course.SecondsSaved)} at the speed of each.",
    };

    private static string State(IReadOnlyList<Trial> repeats)
        => repeats.Count == 0 ? "queued" : ReportContent.Lower(CandidateStates.Of([.. repeats.Select(trial => trial.State)]));
}
