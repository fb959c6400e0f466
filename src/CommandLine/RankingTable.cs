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
        var known = ranking.Candidates.Any(candidate => candidate.FinalAccuracy is not null);
        var table = new Table().Border(TableBorder.Rounded).Title($"Ranking by {ranking.Predictor}, epochs {ranking.Window.FirstEpoch} to {ranking.Window.LastEpoch}");
        table.AddColumn(new TableColumn("Rank").RightAligned());
        table.AddColumn("Candidate");
        table.AddColumn(new TableColumn(ranking.Unit == PredictionUnit.Score ? "Score" : "Predicted accuracy").RightAligned());
        table.AddColumn(new TableColumn(string.Create(CultureInfo.InvariantCulture, $"{ranking.Confidence * 100:0.#} % interval")).Centered());
        table.AddColumn(new TableColumn("P(best)").RightAligned());
        table.AddColumn(new TableColumn("Last seen (validation)").RightAligned());
        if (known)
        {
            table.AddColumn(new TableColumn($"Final accuracy ({ranking.FinalAccuracyMeaning ?? "known"})").RightAligned());
        }

        table.AddColumn(new TableColumn("Seconds").RightAligned());
        foreach (var candidate in ranking.Candidates)
        {
            table.AddRow([.. Cells(candidate, known).Select(cell => new Text(cell))]);
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

    private static IEnumerable<string> Cells(RankedCandidate candidate, bool known)
    {
        yield return candidate.Rank?.ToString(CultureInfo.InvariantCulture) ?? "–";
        yield return candidate.Candidate;
        yield return candidate.Score?.ToString("G4", CultureInfo.InvariantCulture) ?? Percent(candidate.PredictedAccuracy);
        yield return candidate.IntervalLow is null ? "–" : $"{Percent(candidate.IntervalLow)} … {Percent(candidate.IntervalHigh)}";
        yield return candidate.ProbabilityBest?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
        yield return Percent(candidate.LastSeenAccuracy);
        if (known)
        {
            yield return Percent(candidate.FinalAccuracy);
        }

        yield return candidate.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
    }

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
}
