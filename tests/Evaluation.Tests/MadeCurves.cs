using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests;

/// <summary>Curves that climb in parallel to a given true accuracy, which the last epoch shows.</summary>
internal static class MadeCurves
{
    public const int Epochs = 12;

    /// <param name="truths">One per model m0, m1, …</param>
    /// <param name="scores">Likewise, of the score <paramref name="score"/>.</param>
    public static EvaluationTask Run(string name, double[] truths, TaskFacts? facts = null, double[]? scores = null, string score = PredictorNames.LogMe)
    {
        var rows = from model in Enumerable.Range(0, truths.Length)
                   from epoch in Enumerable.Range(1, Epochs)
                   let accuracy = truths[model] - (0.3 / epoch) + (0.3 / Epochs)
                   select new CurveRow(name, $"m{model}", epoch, accuracy, epoch == Epochs ? truths[model] : null, null, null, 1.0 / epoch, 2.0, 0.5, 1_000);
        return EvaluationTask.Of(name, facts ?? new TaskFacts(TaskFacts.TaskOf(name)), [.. rows], model => scores is null
            ? new Dictionary<string, ScoreValue>(StringComparer.Ordinal)
            : new Dictionary<string, ScoreValue>(StringComparer.Ordinal) { [score] = new(scores[int.Parse(model[1..], System.Globalization.CultureInfo.InvariantCulture)], null) });
    }

    public static RankingEvaluation Evaluate(IReadOnlyList<EvaluationTask> runs, params string[] predictors)
        => new(runs, [.. predictors.Select(PredictorCatalogue.Get)], [3], [0], TimeProvider.System);
}
