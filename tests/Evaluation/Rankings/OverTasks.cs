using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>
/// Agreement of predictions with the truth: over start epochs first, then over the repeats of a task, then over tasks, so that neither a
/// long task nor one with many repeats weighs more.
/// </summary>
internal static class OverTasks
{
    public delegate double? Measure(IReadOnlyList<double> predicted, IReadOnlyList<double> truth);

    public static double? Mean(IReadOnlyList<Forecast> forecasts, Measure? measure = null)
        => forecasts.GroupBy(f => f.Task.Facts.Task, StringComparer.Ordinal).Average(task => task.GroupBy(f => f.Task.Name, StringComparer.Ordinal)
            .Average(run => run.Average(f => Of(f.Models, measure ?? Spearman))));

    /// <summary>Null where it is undefined: too few models, or one side is constant.</summary>
    public static double? Spearman(IReadOnlyList<double> predicted, IReadOnlyList<double> truth) => RankCorrelation.Spearman(predicted, truth).Value;

    private static double? Of(IReadOnlyList<ModelForecast> models, Measure measure)
        => measure([.. models.Select(m => m.Predicted)], [.. models.Select(m => m.Truth)]);
}
