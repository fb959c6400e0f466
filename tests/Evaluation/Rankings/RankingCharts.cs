using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Charts;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>The plots of an evaluation, by file name.</summary>
/// <param name="drawn">Runs whose curves are drawn.</param>
internal sealed class RankingCharts(RankingEvaluation evaluation, IReadOnlyList<EvaluationTask> drawn)
{
    /// <summary>k of the plots that show a single one: the product's default where it was evaluated.</summary>
    private readonly int _observe = evaluation.Observed.Contains(5) ? 5 : evaluation.Observed[0];

    private readonly IReadOnlyList<string> _answering = [.. evaluation.Predictors.Select(p => p.Name).Where(p => evaluation.Answers(p, TaskKind.Every))];

    public IEnumerable<(string File, Chart Chart)> All()
    {
        yield return ("rho-by-epochs.svg", ByEpochs());
        yield return ("rho-by-start.svg", ByStart());
        yield return ("accuracy.svg", Accuracy());
        if (ReliabilityTable.Plot(evaluation) is { } reliability) yield return ("reliability.svg", reliability);
        if (evaluation.Tasks.Select(t => t.Facts.Images).OfType<int>().Distinct().Count() > 1) yield return ("rho-by-images.svg", ByImages());
        if (RunningTimeTable.Plot(evaluation) is { } time) yield return ("running-time.svg", time);
        foreach (EvaluationTask task in drawn)
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
        [.. _answering.Select(p => Line(p, evaluation.Observed, k => evaluation.Forecasts(p, k)))]);

    private Chart ByStart() => new(
        FormattableString.Invariant($"Spearman's ρ from {_observe} epochs against the start epoch, mean over tasks"),
        "epochs before the window",
        "ρ",
        [.. _answering.Select(p => Line(p, evaluation.Starts.OfType<int>(), start => evaluation.Forecasts(p, _observe).Where(f => f.Window.Start == start)))]);

    private Chart ByImages() => new(
        FormattableString.Invariant($"Spearman's ρ from {_observe} epochs against the training set's size, mean over tasks of a size"),
        "training images",
        "ρ",
        [.. _answering.Select(p => Line(
            p,
            evaluation.Tasks.Select(t => t.Facts.Images).OfType<int>().Distinct().Order(),
            images => evaluation.Forecasts(p, _observe).Where(f => f.Task.Facts.Images == images)))]);

    private Chart Accuracy() => new(
        FormattableString.Invariant($"Expected after {_observe} epochs against true test accuracy, all tasks"),
        "true test accuracy",
        "expected",
        [.. new[] { evaluation.Predictors[0].Name, PredictorNames.LastSeen }.Distinct(StringComparer.Ordinal).Intersect(_answering, StringComparer.Ordinal).Select(name => new Series(
            name,
            [.. from forecast in evaluation.Forecasts(name, _observe)
                where forecast.Window.Start == evaluation.Starts[0]
                from model in forecast.Models
                where model.Level is not null
                select (model.Truth, model.Level!.Expected)],
            Lines: false))])
    {
        Diagonal = true,
    };

    private static Series Line(string predictor, IEnumerable<int> along, Func<int, IEnumerable<Forecast>> forecasts) => new(
        predictor,
        [.. from x in along let rho = OverTasks.Mean([.. forecasts(x)]) where rho is not null select ((double)x, rho.Value)],
        Lines: true);

    private static Chart Curves(EvaluationTask task, string label, Func<CurvePoint, double> value) => new(
        $"{label}, {task.Name}",
        "epoch",
        label,
        [.. task.Run.Models.OrderByDescending(m => m.Truth).Select(model => new Series(
            model.Model,
            [.. model.Curves.Repeats[0].Where(p => p.Epoch > 0 && double.IsFinite(value(p))).Select(p => ((double)p.Epoch, value(p)))],
            Lines: true))]);
}
