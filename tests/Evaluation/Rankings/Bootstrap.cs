using System.Collections.Concurrent;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>
/// Intervals of a mean over tasks that are crossed with models: each replicate draws collections of images, tasks of each, and, once for all tasks, models,
/// all with replacement (Owen 2007, "The pigeonhole bootstrap"; collections as its clusters, where there are several). The same models being trained in many tasks, drawing them anew in each would
/// take a model's peculiarity for independent evidence; so would drawing the repeats of a task. The predictions themselves are not made again.
/// </summary>
public sealed class Bootstrap
{
    private const double Tail = 0.05;

    private readonly IReadOnlyList<Draw> _draws;
    private readonly Dictionary<string, int> _models;
    private readonly ConcurrentDictionary<Forecast, double[]> _rho = new(ReferenceEqualityComparer.Instance);

    /// <param name="replicates">How many.</param>
    /// <param name="seed">The same seed and tasks, the same intervals.</param>
    public Bootstrap(IReadOnlyList<EvaluationTask> tasks, int replicates, int seed)
    {
        string[][] collections = [.. tasks.Select(t => t.Facts).DistinctBy(t => t.Task, StringComparer.Ordinal)
            .GroupBy(t => t.Collection, t => t.Task, StringComparer.Ordinal).Select(c => c.ToArray())];
        string[] models = [.. tasks.SelectMany(t => t.Run.Models).Select(m => m.Model).Distinct(StringComparer.Ordinal)];
        _models = models.Index().ToDictionary(m => m.Item, m => m.Index, StringComparer.Ordinal);
        var random = new Random(seed);
        _draws = [.. Enumerable.Range(0, replicates).Select(_ =>
        {
            var drawn = (collections.Length == 1 ? collections : random.GetItems(collections, collections.Length))
                .SelectMany(names => random.GetItems(names, names.Length)).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var times = new int[models.Length];
            foreach (string model in random.GetItems(models, models.Length)) times[_models[model]]++;
            return new Draw(drawn, times);
        })];
    }

    /// <summary>Without replicates, so without intervals.</summary>
    public static Bootstrap None { get; } = new([], replicates: 0, seed: 0);

    /// <summary>Mean ρ in each replicate, as <see cref="OverTasks"/> averages it; a run of which fewer than three different models were drawn is left out.</summary>
    public IReadOnlyList<double?> Rho(IReadOnlyList<Forecast> forecasts)
    {
        var tasks = forecasts.GroupBy(f => f.Task.Facts.Task, StringComparer.Ordinal)
            .Select(task => (task.Key, Rho: Mean([.. task.GroupBy(f => f.Task.Name, StringComparer.Ordinal).Select(run => Mean([.. run.Select(Replicated)]))])))
            .ToList();
        return [.. _draws.Select((draw, i) =>
        {
            (double sum, int weight) = (0, 0);
            foreach ((string task, double[] rho) in tasks)
            {
                if (draw.Tasks.GetValueOrDefault(task) is var times and > 0 && !double.IsNaN(rho[i]))
                {
                    sum += times * rho[i];
                    weight += times;
                }
            }

            return weight == 0 ? (double?)null : sum / weight;
        })];
    }

    /// <summary>The central 90 % of a statistic's replicates; null where it is undefined in more than half of them.</summary>
    public Interval? Interval(IEnumerable<double?> replicates)
    {
        double[] values = [.. replicates.OfType<double>().Order()];
        return values.Length * 2 <= _draws.Count ? null : new Interval(Quantile(values, Tail), Quantile(values, 1 - Tail));
    }

    private double[] Replicated(Forecast forecast) => _draws.Count == 0 ? [] : _rho.GetOrAdd(forecast, f =>
    {
        var rho = new ResampledSpearman([.. f.Models.Select(m => m.Predicted)], [.. f.Models.Select(m => m.Truth)]);
        int[] positions = [.. f.Models.Select(m => _models[m.Model])];
        return [.. _draws.Select(draw => rho.Of(Array.ConvertAll(positions, p => draw.Models[p])))];
    });

    private double[] Mean(IReadOnlyList<double[]> replicates)
        => replicates.Count == 1 ? replicates[0] : [.. _draws.Select((_, i) => replicates.Select(r => r[i]).Where(r => !double.IsNaN(r)).DefaultIfEmpty(double.NaN).Average())];

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>How often each task and each model was drawn.</summary>
    private sealed record Draw(Dictionary<string, int> Tasks, int[] Models);
}

/// <summary>A central interval of 90 %.</summary>
public sealed record Interval(double Low, double High);
