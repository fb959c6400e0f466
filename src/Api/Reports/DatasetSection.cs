using System.Globalization;
using NeuralCapacitance.Domain.Answers;

namespace NeuralCapacitance.Api.Reports;

internal static class DatasetSection
{
    private const int MostClasses = 20;
    private const int MostProblems = 10;

    public static IEnumerable<ReportBlock> Of(JobReport report)
    {
        yield return new Heading(2, "The data set");
        var (job, dataset) = (report.Job, report.Dataset);
        var course = report.Stored.Course;
        if (course.ValidationImages > 0)
        {
            yield return new Paragraph(course.TestImages > 0 && report.Ranking.FinalAccuracyMeaning.StartsWith("test", StringComparison.Ordinal)
                ? $"Accuracies were measured on {Words.Count(course.ValidationImages, "validation image")}, final ones on {Words.Count(course.TestImages, "test image")}."
                : $"Accuracies were measured on {Words.Count(course.ValidationImages, "validation image")}.");
        }

        if (dataset.Info is { Classes.Count: > 0 } info)
        {
            yield return new Table(
                [new Column("Class"), new Column("Training images", true), new Column("Validation images", true), new Column("Test images", true)],
                [
                    .. info.Classes.Take(MostClasses).Select(c => (IReadOnlyList<string>)[Words.Quoted(c.Class), Number(c.Train), Number(c.Validation), Number(c.Test)]),
                    .. info.Classes.Count > MostClasses ? [[$"and {info.Classes.Count - MostClasses} more", "", "", ""]] : Array.Empty<IReadOnlyList<string>>(),
                    [info.Classes.Count == 1 ? "1 class" : $"{info.Classes.Count} classes", Number(info.TrainImages), Number(info.ValidationImages), Number(info.TestImages)],
                ]);
            if (info.ValidationImages == 0)
            {
                yield return new Paragraph("It has no validation images of its own: these are set aside from the training images.");
            }

            if (dataset.Strips.Count > 0)
            {
                yield return new Pictures([.. info.Classes.Zip(dataset.Strips).Select(c => new ClassPictures(Words.Quoted(c.First.Class), c.Second))]);
            }
        }

        if (dataset.Reason is { } reason)
        {
            yield return new Paragraph(reason);
        }

        if (job.Problems.Count > 0)
        {
            yield return new Paragraph("What was to be known of it when the job was submitted:");
            yield return new Bullets([.. job.Problems.Take(MostProblems), .. job.Problems.Count > MostProblems ? [$"and {job.Problems.Count - MostProblems} more"] : Array.Empty<string>()]);
        }
    }

    private static string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');
}
