using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Charts;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>The plots of an evaluation, by file name.</summary>
internal sealed class RankingCharts(RankingEvaluation evaluation)
{
    /// <summary>k of the plots that show a single one: the product's default where it was evaluated.</summary>
    private readonly int _observe = evaluation.Observed.Contains(5) ? 5 : evaluation.Observed[0];

    public IEnumerable<(string File, Chart Chart)> All()
    {
        yield return ("rho-by-epochs.svg", ByEpochs());
        yield return ("rho-by-start.svg", ByStart());
        yield return ("accuracy.svg", Accuracy());
        foreach (EvaluationTask task in evaluation.Tasks)
        {
            string name = string.Concat(task.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
            yield return ($"beta-{name}.svg", Curves(task, "β_eff", p => p.BetaEff));
            yield return ($"validation-{name}.svg", Curves(task, "validation accuracy", p => p.ValidationAccuracy));
        }
    }

    private Chart ByEpochs() => new(
        "Spearman's ρ against epochs observed, mean over tasks",
        "epochs observed k",
        "ρ",
        [.. evaluation.Predictors.Select(p => new Series(
            p.Name,
            [.. evaluation.Observed.Select(k => ((double)k, OverTasks.Mean(evaluation.Forecasts(p.Name, k)))).Where(Defined).Select(Known)],
            Lines: true))]);

    private Chart ByStart() => new(
        FormattableString.Invariant($"Spearman's ρ from {_observe} epochs against the start epoch, mean over tasks"),
        "epochs before the window",
        "ρ",
        [.. evaluation.Predictors.Select(p => new Series(
            p.Name,
            [.. evaluation.Starts.OfType<int>().Select(s => ((double)s, OverTasks.Mean([.. evaluation.Forecasts(p.Name, _observe).Where(f => f.Window.Start == s)]))).Where(Defined).Select(Known)],
            Lines: true))]);

    private Chart Accuracy() => new(
        FormattableString.Invariant($"Expected after {_observe} epochs against true test accuracy, all tasks"),
        "true test accuracy",
        "expected",
        [.. new[] { evaluation.Predictors[0].Name, PredictorNames.LastSeen }.Distinct(StringComparer.Ordinal).Select(name => new Series(
            name,
            [.. evaluation.Forecasts(name, _observe).Where(f => f.Window.Start == evaluation.Starts[0]).SelectMany(f => f.Models).Select(m => (m.Truth, m.Level))],
            Lines: false))])
    {
        Diagonal = true,
    };

    private static Chart Curves(EvaluationTask task, string label, Func<CurvePoint, double> value) => new(
        $"{label}, {task.Name}",
        "epoch",
        label,
        [.. task.Run.Models.OrderByDescending(m => m.Truth).Select(model => new Series(
            model.Model,
            [.. model.Curves.Repeats[0].Where(p => p.Epoch > 0 && double.IsFinite(value(p))).Select(p => ((double)p.Epoch, value(p)))],
            Lines: true))]);

    private static bool Defined((double X, double? Y) point) => point.Y is not null;

    private static (double X, double Y) Known((double X, double? Y) point) => (point.X, point.Y!.Value);
}
