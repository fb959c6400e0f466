namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>
/// Intervals of a mean over tasks that are crossed with models: each replicate draws tasks and, once for all tasks, models, both with
/// replacement (Owen 2007, "The pigeonhole bootstrap"). The same models being trained in many tasks, drawing them anew in each would
/// take a model's peculiarity for independent evidence. The predictions themselves are not made again.
/// </summary>
public sealed class Bootstrap
{
    private const double Tail = 0.05;
    private const int LeastModels = 3;

    private readonly IReadOnlyList<Sample> _samples;

    /// <param name="replicates">How many.</param>
    /// <param name="seed">The same seed and tasks, the same intervals.</param>
    public Bootstrap(IReadOnlyList<EvaluationTask> tasks, int replicates, int seed)
    {
        string[] names = [.. tasks.Select(t => t.Name)];
        string[] models = [.. tasks.SelectMany(t => t.Run.Models).Select(m => m.Model).Distinct(StringComparer.Ordinal)];
        var random = new Random(seed);
        _samples = [.. Enumerable.Range(0, replicates).Select(_ => new Sample(Draw(names, random), Draw(models, random)))];
    }

    /// <summary>The central 90 % of a statistic's replicates; null where it is undefined in more than half of them.</summary>
    public Interval? Interval(Func<Sample, double?> statistic)
    {
        double[] values = [.. _samples.AsParallel().AsOrdered().Select(statistic).OfType<double>().Order()];
        return values.Length * 2 <= _samples.Count ? null : new Interval(Quantile(values, Tail), Quantile(values, 1 - Tail));
    }

    private static Dictionary<string, int> Draw(string[] from, Random random)
        => random.GetItems(from, from.Length).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>How often each task and each model was drawn.</summary>
    public sealed record Sample(IReadOnlyDictionary<string, int> Tasks, IReadOnlyDictionary<string, int> Models)
    {
        /// <summary>Mean ρ; a task of which fewer than three different models were drawn is left out.</summary>
        public double? Rho(IReadOnlyList<Forecast> forecasts)
        {
            (double sum, int weight) = (0, 0);
            foreach (IGrouping<string, Forecast> task in forecasts.GroupBy(f => f.Task.Name))
            {
                if (Tasks.GetValueOrDefault(task.Key) is var times and > 0 && task.Average(f => Rho(f.Models)) is { } rho)
                {
                    sum += times * rho;
                    weight += times;
                }
            }

            return weight == 0 ? null : sum / weight;
        }

        private double? Rho(IReadOnlyList<ModelForecast> models)
        {
            ModelForecast[] drawn = [.. models.SelectMany(m => Enumerable.Repeat(m, Models.GetValueOrDefault(m.Model)))];
            return drawn.DistinctBy(m => m.Model).Count() < LeastModels ? null : OverTasks.Of(drawn, OverTasks.Spearman);
        }
    }
}
