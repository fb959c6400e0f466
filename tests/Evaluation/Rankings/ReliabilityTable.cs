using NeuralCapacitance.Evaluation.Charts;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Whether P(best) means what it says: of the candidates that were given 80 to 100 %, 80 to 100 % should have been the best.</summary>
internal static class ReliabilityTable
{
    private static readonly double[] Edges = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 1];

    /// <returns>Null where the first predictor has no posterior.</returns>
    public static Section? Of(RankingEvaluation evaluation)
    {
        var rows = Rows(evaluation);
        if (rows.Count == 0) return null;
        var regrets = Regrets(evaluation);
        return new Section(Text($"How sure {evaluation.Predictors[0].Name} is, and how sure it may be"),
        [
            "All windows of all k together: of the candidates whose P(best) was in a range, how many were the best by their true accuracy.",
            "",
            .. Table(
                ["P(best)", "candidates", "mean P(best)", "were the best"],
                rows.Select(r => (IEnumerable<string>)[Text($"{100 * r.Low:0} – {100 * r.High:0} %"), Text($"{r.Count}"), Percent(r.Said), Percent(r.Was)])),
            "",
            "Expected regret of taking the first, and the true accuracy that was given away, over tasks:",
            "",
            .. Table(["images", .. evaluation.Observed.Select(k => Text($"k = {k}: expected, true"))], regrets),
        ])
        {
            CsvName = "reliability",
            Csv = ["low,high,candidates,said,was", .. rows.Select(r => string.Join(',', Csv(r.Low), Csv(r.High), Text($"{r.Count}"), Csv(r.Said), Csv(r.Was)))],
            Figures = rows[^1].High >= 1 ? [Text($"best_of_sure={rows[^1].Was:0.000}")] : [],
        };
    }

    public static Chart? Plot(RankingEvaluation evaluation)
    {
        var rows = Rows(evaluation);
        return rows.Count == 0 ? null : new Chart(
            "Share of candidates that were the best against the P(best) that they were given", "mean P(best) of a range", "share that was the best",
            [new Series(evaluation.Predictors[0].Name, [.. rows.Select(r => (r.Said, r.Was))], Lines: true)])
        {
            Diagonal = true,
        };
    }

    private static List<Range> Rows(RankingEvaluation evaluation)
    {
        string ours = evaluation.Predictors[0].Name;
        List<(double Said, double Was)> answers = [.. from k in evaluation.Observed from forecast in evaluation.Forecasts(ours, k) from answer in Answers(forecast) select answer];
        return [.. from edge in Edges.Zip(Edges.Skip(1))
                   let inside = answers.FindAll(a => a.Said >= edge.First && (a.Said < edge.Second || edge.Second >= 1))
                   where inside.Count > 0
                   select new Range(edge.First, edge.Second, inside.Count, inside.Average(a => a.Said), inside.Average(a => a.Was))];
    }

    /// <summary>Those that share the greatest accuracy share the first place.</summary>
    private static IEnumerable<(double Said, double Was)> Answers(Forecast forecast)
    {
        if (!forecast.IsAnswered) yield break;
        double greatest = forecast.Models.Max(m => m.Truth);
        double winners = forecast.Models.Count(m => m.Truth >= greatest);
        foreach (ModelForecast model in forecast.Models)
        {
            if (model.Level is { } level) yield return (level.ProbabilityBest, model.Truth >= greatest ? 1 / winners : 0);
        }
    }

    private static IEnumerable<IEnumerable<string>> Regrets(RankingEvaluation evaluation)
    {
        string ours = evaluation.Predictors[0].Name;
        foreach (var kind in evaluation.Collections.Prepend(Tasks.TaskKind.Every))
        {
            List<string> cells = [kind.Name];
            foreach (int k in evaluation.Observed)
            {
                List<Forecast> all = [.. evaluation.Forecasts(ours, k).Where(f => f.IsAnswered && kind.Has(f.Task.Facts) && f.Models[0].Level is not null)];
                double? expected = all.GroupBy(f => f.Task.Facts.Task, StringComparer.Ordinal).Average(task => (double?)task.Average(f => First(f).Level!.ExpectedRegret));
                double? given = all.GroupBy(f => f.Task.Facts.Task, StringComparer.Ordinal).Average(task => (double?)task.Average(f => f.Models.Max(m => m.Truth) - First(f).Truth));
                cells.Add(all.Count == 0 ? "–" : $"{Show(expected)}, {Show(given)}");
            }

            yield return cells;
        }
    }

    private static ModelForecast First(Forecast forecast) => forecast.Models.MaxBy(m => m.Predicted)!;

    private sealed record Range(double Low, double High, int Count, double Said, double Was);
}
