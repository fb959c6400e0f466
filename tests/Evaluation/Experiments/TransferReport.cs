using System.Globalization;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Evaluation.Charts;
using NeuralCapacitance.Evaluation.Curves;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>Tables and plots of a transfer experiment, made from its curves alone. One run per repeat; the models are the same in each.</summary>
public sealed class TransferReport(IReadOnlyList<CurveRow> rows)
{
    private static readonly int[] Observed = [3, 5, 8];

    private readonly IReadOnlyList<Run> _repeats = Run.Single(rows);
    private readonly Run _pooled = Run.Pooled("all repeats", rows);

    /// <summary>Spearman's ρ of the default predictor's ranking from the pooled repeats.</summary>
    public double? PooledRho(string predictor, int observe) => _pooled.Evaluate(PredictorCatalogue.Get(predictor), Auto(observe)).Rho;

    public IEnumerable<string> Markdown()
    {
        yield return "## True accuracy and predictions";
        yield return "";
        yield return "Test accuracy is the mean over the last three epochs, in percent; the predictions are those of `neural-capacitance`"
            + " after k epochs (all repeats pooled), with last-seen in brackets.";
        yield return "";
        foreach (string line in AccuracyTable()) yield return line;
        yield return "";
        yield return "## Spearman's ρ against the true accuracy";
        yield return "";
        foreach (string line in RhoTable()) yield return line;
    }

    public Chart RhoChart() => new(
        "Spearman's ρ against epochs observed (repeats pooled)",
        "epochs observed k",
        "ρ",
        [.. Predictors.Select(p => new Series(p.Name, [.. RhoPoints(p)], Lines: true))]);

    public Chart AccuracyChart(int observe) => new(
        string.Create(CultureInfo.InvariantCulture, $"Predicted after {observe} epochs against true test accuracy"),
        "true test accuracy",
        "predicted",
        [.. new[] { PredictorNames.NeuralCapacitance, PredictorNames.LastSeen }.Select(name => new Series(
            name,
            [.. _pooled.Evaluate(PredictorCatalogue.Get(name), Auto(observe)).Models.Select(m => (m.Truth, m.Predicted))],
            Lines: false))])
    {
        Diagonal = true,
    };

    private IEnumerable<string> AccuracyTable()
    {
        Outcome[] predicted = [.. Observed.Select(k => _pooled.Evaluate(PredictorCatalogue.Get(PredictorNames.NeuralCapacitance), Auto(k)))];
        Outcome[] lastSeen = [.. Observed.Select(k => _pooled.Evaluate(PredictorCatalogue.Get(PredictorNames.LastSeen), Auto(k)))];
        yield return Row(["model", .. _repeats.Select(r => r.Name), "mean", .. Observed.Select(k => Text($"k = {k}"))]);
        yield return Row(Enumerable.Repeat("---", _repeats.Count + Observed.Length + 2));
        foreach (ModelCurves model in _pooled.Models.OrderByDescending(m => m.Truth))
        {
            yield return Row([
                model.Model,
                .. _repeats.Select(r => Percent(r.Models.FirstOrDefault(m => m.Model == model.Model)?.Truth)),
                Percent(model.Truth),
                .. Observed.Select((_, i) => $"{Percent(Of(predicted[i], model.Model))} ({Percent(Of(lastSeen[i], model.Model))})"),
            ]);
        }
    }

    private IEnumerable<string> RhoTable()
    {
        yield return Row(["predictor", .. Observed.Select(k => Text($"k = {k}, mean of single repeats")), .. Observed.Select(k => Text($"k = {k}, pooled"))]);
        yield return Row(Enumerable.Repeat("---", (2 * Observed.Length) + 1));
        foreach (IPredictor predictor in Predictors.Where(p => PooledRho(p.Name, Observed[0]) is not null))
        {
            yield return Row([
                $"`{predictor.Name}`",
                .. Observed.Select(k => Rho(_repeats.Average(r => r.Evaluate(predictor, Auto(k)).Rho))),
                .. Observed.Select(k => Rho(_pooled.Evaluate(predictor, Auto(k)).Rho)),
            ]);
        }

        yield return "";
        yield return Text($"Noise ceiling: the true accuracies of two repeats correlate at ρ = {Rho(Ceiling())}.");
    }

    /// <summary>Mean ρ between the true accuracies of every two repeats; null with one repeat.</summary>
    private double? Ceiling()
    {
        var pairs = from a in Enumerable.Range(0, _repeats.Count)
                    from b in Enumerable.Range(a + 1, _repeats.Count - a - 1)
                    select RankCorrelation.Spearman(Truths(a), Truths(b)).Value;
        return pairs.Average();
    }

    private List<double> Truths(int repeat) => [.. _repeats[repeat].Models.OrderBy(m => m.Model, StringComparer.Ordinal).Select(m => m.Truth)];

    private IEnumerable<(double X, double Y)> RhoPoints(IPredictor predictor)
    {
        int epochs = rows.Max(r => r.Epoch);
        return from k in Enumerable.Range(2, Math.Max(0, epochs - 1))
               let rho = _pooled.Evaluate(predictor, Auto(k)).Rho
               where rho is not null
               select ((double)k, rho.Value);
    }

    private static IEnumerable<IPredictor> Predictors => PredictorCatalogue.All.Where(p => !SlowPredictors.Names.Contains(p.Name, StringComparer.Ordinal));

    private static Window Auto(int observe) => new(observe, null);

    private static double? Of(Outcome outcome, string model)
        => outcome.Models.Where(m => m.Model == model).Select(m => (double?)m.Predicted).FirstOrDefault();

    private static string Percent(double? value) => value is { } v ? Text($"{100 * v:0.0}") : "–";

    private static string Rho(double? value) => value is { } v ? Text($"{v:0.000}") : "–";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
