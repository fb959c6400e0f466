using System.Globalization;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>The ranking as a table, with what one should know about it.</summary>
internal static class RankingTable
{
    public static void Write(IAnsiConsole console, Ranking ranking)
    {
        var columns = ColumnsOf(ranking);
        var table = new Table().Border(TableBorder.Rounded).Title($"Ranking by {ranking.Predictor}, epochs {ranking.Window.FirstEpoch} to {ranking.Window.LastEpoch}");
        foreach (var column in columns)
        {
            table.AddColumn(column.IsText ? new TableColumn(column.Title) : new TableColumn(column.Title).RightAligned());
        }

        foreach (var candidate in ranking.Candidates)
        {
            table.AddRow([.. columns.Select(column => new Text(column.Cell(candidate)))]);
        }

        console.Write(table);
        WriteAgreement(console, ranking);
        foreach (var warning in ranking.Warnings)
        {
            console.MarkupLineInterpolated($"[yellow]Note:[/] {warning}.");
        }

        foreach (var candidate in ranking.Candidates.Where(candidate => candidate.Rank is null))
        {
            console.MarkupLineInterpolated($"[yellow]{candidate.Candidate}[/] has no rank: {candidate.Failure?.Message ?? candidate.Reason ?? "unknown"}");
        }
    }

    /// <summary>What is of the same epochs and images stands together; what is of others says so.</summary>
    private static IReadOnlyList<Column> ColumnsOf(Ranking ranking)
    {
        var last = ranking.Window.LastEpoch;
        List<Column> columns =
        [
            new("Rank", c => c.Rank?.ToString(CultureInfo.InvariantCulture) ?? "–"),
            new("Candidate", c => c.Candidate, IsText: true),
        ];
        columns.AddRange(ranking.Unit is PredictionUnit.Score
            ? [new("Score", c => c.Score?.ToString("G4", CultureInfo.InvariantCulture) ?? "–")]
            :
            [
                new("Predicted final", c => Percent(c.PredictedAccuracy)),
                new(string.Create(CultureInfo.InvariantCulture, $"{ranking.Confidence * 100:0.#} % interval"), c => c.IntervalLow is null ? "–" : $"{Percent(c.IntervalLow)} … {Percent(c.IntervalHigh)}"),
                new($"Seen at epoch {last}", c => At(c.SeenInWindow, c.Epochs.Count == 0 ? null : c.Epochs[^1], last)),
                new("P(best)", c => c.ProbabilityBest?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–"),
            ]);
        if (ranking.Candidates.Any(c => IsLater(c, last)))
        {
            int? common = ranking.Candidates.Where(c => c.LastSeenAccuracy is not null).Select(c => c.LastSeenEpoch).Distinct().ToList() is [var epoch] ? epoch : null;
            columns.Add(new(common is null ? "Seen last" : $"Seen last (epoch {common})", c => At(c.LastSeenAccuracy, c.LastSeenEpoch, common)));
        }

        if (ranking.Candidates.Any(c => c.FinalAccuracy is not null))
        {
            columns.Add(new($"Final ({ranking.FinalAccuracyMeaning ?? "known"})", c => Percent(c.FinalAccuracy)));
        }

        return [.. columns, new("Seconds", c => c.Seconds.ToString("0.0", CultureInfo.InvariantCulture))];
    }

    /// <summary>Than what the prediction uses.</summary>
    private static bool IsLater(RankedCandidate candidate, int last)
        => candidate.LastSeenAccuracy is not null && (candidate.LastSeenEpoch is not { } epoch || epoch > (candidate.Epochs.Count == 0 ? last : candidate.Epochs[^1]));

    /// <summary>One that is of another epoch than the header says, says of which.</summary>
    private static string At(double? accuracy, int? epoch, int? header)
        => accuracy is null || epoch == header || epoch is null ? Percent(accuracy) : string.Create(CultureInfo.InvariantCulture, $"{Percent(accuracy)} (epoch {epoch})");

    private static void WriteAgreement(IAnsiConsole console, Ranking ranking)
    {
        if (ranking.Agreement is not { } agreement)
        {
            return;
        }

        var rho = agreement.Spearman.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.000}{Range(agreement.SpearmanInterval)}")
            : agreement.Spearman.Reason ?? "unknown";
        var regret = agreement.Top1Regret is { } points
            ? string.Create(CultureInfo.InvariantCulture, $"; taking the first gives away {100 * points:0.0} points")
            : "";
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"Spearman's ρ with the final {agreement.FinalAccuracyOf} accuracy: [bold]{rho}[/] over {agreement.Candidates} candidates{regret}.");
    }

    private static string Range(RankInterval interval) => interval is { Low: { } low, High: { } high }
        ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.00} … {high:0.00})")
        : "";

    private static string Percent(double? value) => value is { } number ? (100 * number).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    private sealed record Column(string Title, Func<RankedCandidate, string> Cell, bool IsText = false);
}
