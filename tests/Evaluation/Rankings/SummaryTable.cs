using System.Globalization;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Every predictor over all tasks.</summary>
internal static class SummaryTable
{
    public static Section Of(RankingEvaluation evaluation, IReadOnlyList<Score> scores) => new("", [.. Markdown(evaluation, scores)])
    {
        CsvName = "ranking",
        Csv =
        [
            "predictor,k,tasks,rho,rho_low,rho_high,weighted_tau,top1_regret,coverage,interval_width,bias,seconds",
            .. scores.Select(s => string.Join(
                ',',
                s.Predictor,
                Text($"{s.Observe}"),
                Text($"{s.Tasks}"),
                Csv(s.Rho),
                Csv(s.RhoInterval?.Low),
                Csv(s.RhoInterval?.High),
                Csv(s.WeightedTau),
                Csv(s.Top1Regret),
                Csv(s.Coverage),
                Csv(s.Width),
                Csv(s.Bias),
                Csv(s.Seconds))),
        ],
        Figures = [.. scores.Where(s => s.Rho is not null).Select(s => Text($"rho{s.Observe}_{s.Predictor}={s.Rho:0.000}"))],
    };

    private static IEnumerable<string> Markdown(RankingEvaluation evaluation, IReadOnlyList<Score> scores)
    {
        int tasks = evaluation.Tasks.DistinctBy(t => t.Facts.Task, StringComparer.Ordinal).Count();
        string starts = string.Join(", ", evaluation.Starts.Select(start => start?.ToString(CultureInfo.InvariantCulture) ?? "auto"));
        yield return Text($"{tasks} tasks in {evaluation.Tasks.Count} runs, start epochs {starts}; windows that reach the last epoch are left out.")
            + " Means are over start epochs, then over the repeats of a task, then over tasks.";
        yield return "Intervals of ρ: 90 %, bootstrap over tasks and models. Coverage, width and bias: of nominal 90 % intervals against the true accuracy.";
        yield return Text($"Predictors that learn from other tasks had {evaluation.History.Count}, without the one to be predicted.")
            + " `tasks`: on how many a predictor could answer.";
        yield return "";
        string[] header = ["predictor", "k", "tasks", "ρ", "90 % interval", "weighted τ", "top-1 regret", "coverage", "width", "bias", "ms"];
        foreach (string line in Table(header, scores.Where(s => s.Rho is not null).Select(Row))) yield return line;
        if (scores.GroupBy(s => s.Predictor, StringComparer.Ordinal).Where(p => p.All(s => s.Tasks == 0)).Select(p => $"`{p.Key}`").ToList() is { Count: > 0 } silent)
        {
            yield return "";
            yield return $"Could answer nowhere, for want of scores, history or epochs: {string.Join(", ", silent)}.";
        }
    }

    private static IEnumerable<string> Row(Score s) =>
    [
        $"`{s.Predictor}`",
        Text($"{s.Observe}"),
        Text($"{s.Tasks}"),
        Show(s.Rho),
        Show(s.RhoInterval),
        Show(s.WeightedTau),
        Show(s.Top1Regret),
        Percent(s.Coverage),
        Show(s.Width),
        Signed(s.Bias),
        s.Seconds is { } seconds ? Text($"{1e3 * seconds:0.00}") : "–",
    ];
}
