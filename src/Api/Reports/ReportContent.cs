using System.Globalization;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Reports;

/// <summary>What a report says, in which order: the answer first, then what it rests on, then how to repeat it. Nothing that is not there is drawn empty; it is said.</summary>
internal static class ReportContent
{
    public static string TitleOf(JobReport report) => $"{report.Job.Spec.Name ?? report.Job.Id.ToString()}: report of a model selection";

    /// <param name="isDrawn">Whether there is such a plot.</param>
    public static IReadOnlyList<ReportBlock> Of(JobReport report, Func<PlotFile, bool> isDrawn) =>
    [
        .. Head(report),
        .. DatasetSection.Of(report),
        .. RankingSection.Of(report, isDrawn),
        .. CurveSections.Of(report, isDrawn),
        .. RaceSection.Of(report, isDrawn),
        .. EffortSection.Of(report),
        .. RepeatSection.Of(report),
    ];

    /// <summary>The plot, or why there is none.</summary>
    public static ReportBlock Plot(JobReport report, Func<PlotFile, bool> isDrawn, PlotKind kind, string title, string description)
    {
        var file = new PlotFile(kind, PlotFormat.Svg);
        return isDrawn(file) ? new Figure(file, title, description) : new Paragraph(PlotDrawer.WhyNot(kind, report.Plots));
    }

    public static string Percent(double? accuracy) => accuracy is { } value ? Words.Measured(value) : "–";

    private static IEnumerable<ReportBlock> Head(JobReport report)
    {
        var job = report.Job;
        yield return new Heading(1, Question(job));
        yield return new Paragraph(report.Ranking.Answer.Sentence, IsLead: true);
        yield return new Paragraph(report.Ranking.Answer.Next);
        yield return new Table(
            [new Column("Job"), new Column("State"), new Column("Mode"), new Column("Submitted"), new Column("Started"), new Column("Ended")],
            [[
                job.Spec.Name is { } name ? $"{Words.Quoted(name)} {job.Id}" : job.Id.ToString(),
                Lower(job.State),
                job.Finalizes is { } of ? $"finalization of {of}" : Lower(job.Spec.Selection.Mode),
                Time(job.CreatedAt), Time(job.StartedAt), Time(job.FinishedAt),
            ]]);
        if (!job.State.IsFinal)
        {
            yield return new Paragraph($"The job has not ended: this is what is known at version {job.Version} of it.");
        }

        if (job.Failure is { } failure)
        {
            yield return new Paragraph($"It failed: {failure.Message}");
        }
    }

    private static string Question(Job job)
    {
        var data = Words.Quoted(job.Spec.Dataset.Path ?? job.Spec.Dataset.Name);
        return job.Finalizes is null
            ? $"Which of {Words.Count(job.Spec.Candidates.Count, "backbone")}, fine-tuned on {data}, ends up most accurate?"
            : $"{Words.Quoted(job.Spec.Candidates[0].Name)}, trained to the end on {data}";
    }

    public static string Lower<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "–";
}
