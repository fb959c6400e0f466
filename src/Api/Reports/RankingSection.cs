using System.Globalization;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Api.Reports;

/// <summary>The ranking, what its numbers are, and how sure they are.</summary>
internal static class RankingSection
{
    public static IEnumerable<ReportBlock> Of(JobReport report, Func<PlotFile, bool> isDrawn)
    {
        if (report.Job.Finalizes is not null)
        {
            yield break;
        }

        var ranking = report.Ranking;
        yield return new Heading(2, "The ranking");
        yield return new Paragraph(Meaning(ranking));
        yield return ranking.Unit is PredictionUnit.Score ? Scores(ranking) : Accuracies(ranking);
        foreach (var candidate in ranking.Candidates.Where(candidate => candidate.Rank is null))
        {
            yield return new Paragraph($"{Words.Quoted(candidate.Candidate)} has no rank: {candidate.Failure?.Message ?? candidate.Reason}");
        }

        yield return ReportContent.Plot(report, isDrawn, PlotKind.Ranking, "Predicted accuracy with its interval, what was seen in the window, and what it came to.", Described(ranking));
        yield return new Heading(2, "How sure is it?");
        yield return new Bullets([.. Sure(ranking)]);
    }

    private static string Meaning(RankingResponse ranking)
    {
        var final = $"Final accuracy is {ranking.FinalAccuracyMeaning}{(ranking.Candidates.Any(c => c.FinalAccuracy is not null) ? "" : ", which this job does not measure, or not yet")}.";
        return ranking.Unit is PredictionUnit.Score
            ? $"By `{ranking.Predictor}`, a score measured before training. {final}"
            : $"By `{ranking.Predictor}`, from {ranking.Predictors[0].Epochs}. Predicted is the final accuracy that this lets expect; seen is the validation accuracy at the last of these epochs, and so not yet the final one. {final}";
    }

    private static Table Accuracies(RankingResponse ranking) => new(
        [
            new Column("Rank", true), new Column("Candidate"), new Column("Predicted final", true),
            new Column(string.Create(CultureInfo.InvariantCulture, $"{100 * ranking.Confidence:0.#} % interval"), true),
            new Column($"Seen, epoch {ranking.Window.LastEpoch}", true), new Column("The best of these", true), new Column("Expected to give away", true), Final(ranking),
        ],
        [
            .. ranking.Candidates.Select(candidate => (IReadOnlyList<string>)
            [
                Rank(candidate), Words.Quoted(candidate.Candidate), ReportContent.Percent(candidate.PredictedAccuracy),
                candidate is { IntervalLow: { } low, IntervalHigh: { } high } ? Words.Bounds(low, high) : "–",
                SeenAt(candidate, ranking.Window.LastEpoch),
                candidate.ProbabilityBest is { } probability ? Words.Sure(probability) : "–",
                candidate.ExpectedRegret is { } regret ? Words.Points(regret) : "–",
                ReportContent.Percent(candidate.FinalAccuracy),
            ]),
        ]);

    private static Table Scores(RankingResponse ranking) => new(
        [new Column("Rank", true), new Column("Candidate"), new Column("Score", true), Final(ranking)],
        [
            .. ranking.Candidates.Select(candidate => (IReadOnlyList<string>)
                [Rank(candidate), Words.Quoted(candidate.Candidate), candidate.Score?.ToString("G4", CultureInfo.InvariantCulture) ?? "–", ReportContent.Percent(candidate.FinalAccuracy)]),
        ]);

    private static Column Final(RankingResponse ranking) => new($"Final ({ranking.FinalAccuracyMeaning})", true);

    /// <summary>One that stands at another epoch than the header says, says at which.</summary>
    private static string SeenAt(RankedCandidateResponse candidate, int epoch)
        => ReportContent.Percent(candidate.SeenInWindow) + (candidate.SeenInWindow is not null && candidate.Epochs[^1] != epoch ? $" (epoch {candidate.Epochs[^1]})" : "");

    private static string Rank(RankedCandidateResponse candidate) => candidate.Rank?.ToString(CultureInfo.InvariantCulture) ?? "–";

    private static string Described(RankingResponse ranking) => "Predicted accuracies: " + string.Join("; ", ranking.Candidates
        .Where(candidate => candidate is { PredictedAccuracy: not null, IntervalLow: not null })
        .Select(candidate => $"{candidate.Candidate} {ReportContent.Percent(candidate.PredictedAccuracy)} ({Words.Bounds(candidate.IntervalLow!.Value, candidate.IntervalHigh!.Value)})"));

    private static IEnumerable<string> Sure(RankingResponse ranking)
    {
        yield return ranking.IntervalMeaning;
        foreach (var warning in ranking.Warnings)
        {
            yield return $"{char.ToUpperInvariant(warning[0])}{warning[1..]}.";
        }

        if (ranking.Agreement is not { } agreement)
        {
            yield return "Final accuracies are not known, so that nobody can say how good this order is.";
            yield break;
        }

        yield return agreement.Spearman.Value is { } rho
            ? string.Create(CultureInfo.InvariantCulture, $"Held against the final {agreement.FinalAccuracyOf} accuracies of {agreement.Candidates} candidates: Spearman's ρ {rho:0.00}{Range(agreement.SpearmanInterval)}.")
            : $"Held against the final {agreement.FinalAccuracyOf} accuracies, Spearman's ρ is unknown: {agreement.Spearman.Reason}.";
        if (agreement.Top1Regret is { } regret)
        {
            yield return $"Taking the first of the ranking {(regret > 0 ? $"gives away {Words.Points(regret)}" : "gives nothing away")} against the best final accuracy.";
        }
    }

    private static string Range(RankInterval interval) => interval is { Low: { } low, High: { } high }
        ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.00} to {high:0.00})")
        : "";
}
