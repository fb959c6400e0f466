using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Reports;

/// <summary>What it takes to run the job again, and what its numbers come from.</summary>
internal static class RepeatSection
{
    private static readonly JsonSerializerOptions Indented = new(JobSpecJson.Options) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static IEnumerable<ReportBlock> Of(JobReport report)
    {
        yield return new Heading(2, "To repeat it");
        if (report.Job.Finalizes is { } of)
        {
            yield return new Paragraph($"This is what was trained; to repeat it, finalize job {of} again with the same settings.");
        }
        else
        {
            yield return new Paragraph("Submit this, every default filled in. On the same kind of device, with the same versions and number of threads, it gives the same numbers.");
        }

        yield return new Code("json", JsonSerializer.Serialize(report.Job.Spec, Indented));
        yield return new Heading(2, "What the numbers come from");
        var versions = Versions(report);
        if (versions.Count == 0)
        {
            yield return new Paragraph("No trial has begun yet.");
            yield break;
        }

        yield return new Table([new Column("What"), new Column("Which")], versions);
    }

    private static List<IReadOnlyList<string>> Versions(JobReport report)
    {
        var trials = report.Stored.Records.Trials;
        var named = trials.SelectMany(trial => (trial.Software ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(version => (version.Key, version.Value)))
            .Concat(trials.Where(trial => trial.Device is not null).Select(trial => ("device", trial.Device!)))
            .Concat(trials.Where(trial => trial.DatasetHash is not null).Select(trial => ("SHA-256 of the images and labels", trial.DatasetHash!)));
        return [.. named.GroupBy(version => version.Item1, version => version.Item2, StringComparer.Ordinal).OrderBy(version => version.Key, StringComparer.Ordinal)
            .Select(version => (IReadOnlyList<string>)[version.Key, string.Join(", ", version.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Words.Quoted))])];
    }
}
