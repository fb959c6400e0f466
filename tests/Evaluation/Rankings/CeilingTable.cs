using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>
/// How well the truth predicts itself: ρ between the true accuracies of two repeats, above which no prediction of a single run can get but
/// by luck. Held against it: rankings from curves averaged over the repeats, against true accuracies averaged likewise.
/// </summary>
internal static class CeilingTable
{
    /// <param name="runs">The single repeats.</param>
    /// <param name="pooled">Of the tasks with several.</param>
    public static Section? Of(IReadOnlyList<EvaluationTask> runs, RankingEvaluation pooled, Bootstrap bootstrap)
    {
        IReadOnlyList<Forecast> ceiling = Repeats(runs);
        if (OverTasks.Mean(ceiling) is not { } greatest) return null;
        IReadOnlyList<double?> replicates = bootstrap.Rho(ceiling);
        var rows = (from predictor in pooled.Predictors
                    from k in pooled.Observed
                    let share = Share(predictor.Name, k)
                    where share is not null
                    select (Predictor: predictor.Name, K: k, Share: share)).ToList();
        return new Section("Against the noise ceiling",
        [
            Text($"The true accuracies of two repeats correlate at ρ = {greatest:0.000} ({Show(bootstrap.Interval(replicates))}), mean over {pooled.Tasks.Count} tasks with several;")
                + Text($" those of two means of two repeats would at {2 * greatest / (1 + greatest):0.000} (Spearman and Brown). ρ from curves averaged over the repeats, as a share of the former:"),
            "",
            .. Table(
                ["predictor", .. pooled.Observed.Select(k => Text($"k = {k}"))],
                rows.GroupBy(r => r.Predictor, StringComparer.Ordinal).Select(p => (IEnumerable<string>)
                [
                    $"`{p.Key}`",
                    .. pooled.Observed.Select(k => p.Where(r => r.K == k).Select(r => r.Share!).FirstOrDefault() is { } s
                        ? $"{Show(s.Rho)}: {Percent(s.OfCeiling)} ({Percent(s.Interval?.Low)} to {Percent(s.Interval?.High)})"
                        : "–"),
                ])),
        ])
        {
            CsvName = "ceiling",
            Csv =
            [
                "predictor,k,tasks,ceiling,pooled_rho,share,share_low,share_high",
                .. rows.Select(r => string.Join(
                    ',', r.Predictor, Text($"{r.K}"), Text($"{r.Share!.Tasks}"), Csv(r.Share.Ceiling), Csv(r.Share.Rho), Csv(r.Share.OfCeiling), Csv(r.Share.Interval?.Low), Csv(r.Share.Interval?.High))),
            ],
            Figures =
            [
                Text($"ceiling={greatest:0.000}"),
                .. rows.Where(r => r.Predictor == pooled.Predictors[0].Name).Select(r => Text($"ceiling_share{r.K}={r.Share!.OfCeiling:0.000}")),
            ],
        };

        PooledShare? Share(string predictor, int observe)
        {
            List<Forecast> answered = [.. pooled.Forecasts(predictor, observe).Where(f => f.IsAnswered)];
            HashSet<string> tasks = [.. answered.Select(f => f.Task.Facts.Task)];
            List<Forecast> same = [.. ceiling.Where(f => tasks.Contains(f.Task.Facts.Task))];
            return OverTasks.Mean(answered) is { } rho && OverTasks.Mean(same) is { } most
                ? new PooledShare(tasks.Count, most, rho, rho / most, bootstrap.Interval(bootstrap.Rho(answered).Zip(bootstrap.Rho(same), (a, b) => b > 0 ? a / b : null)))
                : null;
        }
    }

    /// <summary>The true accuracies of one repeat as a forecast of those of another, for all pairs.</summary>
    public static IReadOnlyList<Forecast> Repeats(IReadOnlyList<EvaluationTask> runs)
        => [.. from task in runs.GroupBy(r => r.Facts.Task, StringComparer.Ordinal)
               let repeats = task.ToList()
               from b in Enumerable.Range(0, repeats.Count)
               from a in Enumerable.Range(0, b)
               select Pair(repeats[a], repeats[b])];

    private static Forecast Pair(EvaluationTask a, EvaluationTask b)
    {
        var other = b.Run.Models.ToDictionary(m => m.Model, m => m.Truth, StringComparer.Ordinal);
        IEnumerable<ModelCurves> both = a.Run.Models.Where(m => other.ContainsKey(m.Model));
        return new Forecast(
            a with { Name = $"{a.Name}, {b.Name}" }, new Window(a.Run.Epochs, 0), [.. both.Select(m => new ModelForecast(m.Model, other[m.Model], null, m.Truth))], 0);
    }

    private sealed record PooledShare(int Tasks, double Ceiling, double Rho, double OfCeiling, Interval? Interval);
}
