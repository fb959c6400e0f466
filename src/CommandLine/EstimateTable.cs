using System.Globalization;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>What a job would cost, as a table with a row for each candidate.</summary>
internal static class EstimateTable
{
    public static void Write(IAnsiConsole console, JobEstimate estimate)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Candidate", "Seconds an epoch", "In all", "Memory", "");
        foreach (var column in table.Columns.Skip(1).Take(3)) column.RightAligned();
        foreach (var candidate in estimate.Candidates)
        {
            table.AddRow([.. new[]
            {
                candidate.Candidate, candidate.SecondsPerEpoch?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–", Time(candidate.Seconds), Memory(candidate.Cost?.PeakMemoryBytes),
                candidate.Reason ?? "",
            }.Select(cell => new Text(cell))]);
        }

        console.Write(table);
        var unmeasured = estimate.Candidates.Count(candidate => candidate.Seconds is null);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]{Time(estimate.Seconds)}[/] on one device, {estimate.Images.Train} training images, {estimate.Epochs} epochs, {estimate.Repeats} repeat{(estimate.Repeats == 1 ? "" : "s")}; at most {Memory(estimate.PeakMemoryBytes)} of memory.");
        if (unmeasured > 0) console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Not in the sum:[/] {unmeasured} candidates that could not be measured.");
    }

    private static string Time(double? seconds) => seconds switch
    {
        null => "–",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private static string Memory(long? bytes) => bytes is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number / (double)(1 << 20):0} MiB") : "–";
}
