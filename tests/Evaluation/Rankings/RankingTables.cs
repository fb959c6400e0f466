using System.Globalization;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>An evaluation as Markdown, CSV and the RESULT line.</summary>
internal sealed class RankingTables(RankingEvaluation evaluation, Bootstrap bootstrap)
{
    private readonly IReadOnlyList<Score> _scores = evaluation.Scores(bootstrap);

    public IEnumerable<string> Markdown() =>
    [
        Text($"{evaluation.Tasks.Count} tasks, start epochs {string.Join(", ", evaluation.Starts.Select(start => start?.ToString(CultureInfo.InvariantCulture) ?? "auto"))}; windows that reach the last epoch are left out."),
        "Intervals of ρ: 90 %, bootstrap over tasks and models. Coverage, width and bias: of nominal 90 % intervals against the true accuracy.",
        "",
        .. Summary(),
        "",
        "## Spearman's ρ per task",
        "",
        .. PerTask(),
        "",
        Text($"## Mean ρ of {evaluation.Predictors[0].Name} minus that of the others"),
        "",
        .. Differences(),
    ];

    public IEnumerable<string> Csv() => _scores.Select(s => string.Join(
            ',',
            s.Predictor,
            Text($"{s.Observe}"),
            Text($"{s.Tasks}"),
            Cell(s.Rho),
            Cell(s.RhoInterval?.Low),
            Cell(s.RhoInterval?.High),
            Cell(s.WeightedTau),
            Cell(s.Top1Regret),
            Cell(s.Coverage),
            Cell(s.Width),
            Cell(s.Bias),
            Cell(s.Seconds)))
        .Prepend("predictor,k,tasks,rho,rho_low,rho_high,weighted_tau,top1_regret,coverage,interval_width,bias,seconds");

    public string Result() => "RESULT " + string.Join(' ', _scores.Select(s => Text($"rho{s.Observe}_{s.Predictor}={s.Rho ?? double.NaN:0.000}")));

    private IEnumerable<string> Summary()
    {
        yield return Row(["predictor", "k", "tasks", "ρ", "90 % interval", "weighted τ", "top-1 regret", "coverage", "width", "bias", "ms"]);
        yield return Row(Enumerable.Repeat("---", 11));
        foreach (Score s in _scores)
        {
            yield return Row([
                $"`{s.Predictor}`",
                Text($"{s.Observe}"),
                Text($"{s.Tasks}"),
                Show(s.Rho),
                Show(s.RhoInterval),
                Show(s.WeightedTau),
                Show(s.Top1Regret),
                s.Coverage is { } coverage ? Text($"{100 * coverage:0} %") : "–",
                Show(s.Width),
                Signed(s.Bias),
                s.Seconds is { } seconds ? Text($"{1e3 * seconds:0.00}") : "–",
            ]);
        }
    }

    private IEnumerable<string> PerTask()
    {
        string observed = string.Join('/', evaluation.Observed);
        yield return Row([Text($"task (k = {observed})"), .. evaluation.Predictors.Select(p => $"`{p.Name}`")]);
        yield return Row(Enumerable.Repeat("---", evaluation.Predictors.Count + 1));
        foreach (EvaluationTask task in evaluation.Tasks)
        {
            yield return Row([
                task.Name,
                .. evaluation.Predictors.Select(p => string.Join('/', evaluation.Observed.Select(k => Show(evaluation.Rho(task.Name, p.Name, k))))),
            ]);
        }
    }

    private IEnumerable<string> Differences()
    {
        string ours = evaluation.Predictors[0].Name;
        yield return Row(["other", .. evaluation.Observed.Select(k => Text($"k = {k}"))]);
        yield return Row(Enumerable.Repeat("---", evaluation.Observed.Count + 1));
        foreach (string other in evaluation.Predictors.Skip(1).Select(p => p.Name))
        {
            yield return Row([
                $"`{other}`",
                .. evaluation.Observed.Select(k => evaluation.Difference(ours, other, k, bootstrap)).Select(d => $"{Signed(d.Mean)} ({Show(d.Interval)})"),
            ]);
        }
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Show(double? value) => value is { } v ? Text($"{v:0.000}") : "–";

    private static string Signed(double? value) => value is { } v ? Text($"{v:+0.000;-0.000;0.000}") : "–";

    private static string Show(Interval? interval) => interval is { } i ? Text($"{i.Low:0.000} to {i.High:0.000}") : "–";

    private static string Cell(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
