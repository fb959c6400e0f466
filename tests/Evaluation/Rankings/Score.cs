using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>How good a predictor's forecasts from k epochs were.</summary>
public sealed record Score
{
    public required string Predictor { get; init; }

    /// <summary>k.</summary>
    public required int Observe { get; init; }

    /// <summary>That have a window of k epochs and on which the predictor could answer; its repeats are one task.</summary>
    public required int Tasks { get; init; }

    /// <summary>Spearman's ρ, averaged over start epochs, then over repeats, then over tasks; null where it is undefined in all of them.</summary>
    public required double? Rho { get; init; }

    /// <summary>Of <see cref="Rho"/>, by the bootstrap over models and tasks.</summary>
    public required Interval? RhoInterval { get; init; }

    /// <summary>Weighted τ, averaged likewise.</summary>
    public required double? WeightedTau { get; init; }

    /// <summary>True accuracy given away by taking the first, averaged likewise.</summary>
    public required double? Top1Regret { get; init; }

    /// <summary>Share of the models whose true accuracy lies in the interval; null for scores, which have none.</summary>
    public required double? Coverage { get; init; }

    /// <summary>Mean width of the intervals.</summary>
    public required double? Width { get; init; }

    /// <summary>Mean of the expected minus the true accuracy.</summary>
    public required double? Bias { get; init; }

    /// <summary>Median time of one prediction of all models of a task.</summary>
    public required double? Seconds { get; init; }

    /// <param name="all">Those without an answer are left out.</param>
    public static Score Of(string predictor, int observe, IReadOnlyList<Forecast> all, Bootstrap bootstrap)
    {
        List<Forecast> forecasts = [.. all.Where(f => f.IsAnswered)];
        List<ModelForecast> models = [.. forecasts.SelectMany(f => f.Models)];
        return new Score
        {
            Predictor = predictor,
            Observe = observe,
            Tasks = forecasts.Select(f => f.Task.Facts.Task).Distinct(StringComparer.Ordinal).Count(),
            Rho = OverTasks.Mean(forecasts),
            RhoInterval = bootstrap.Interval(bootstrap.Rho(forecasts)),
            WeightedTau = OverTasks.Mean(forecasts, (p, t) => RankCorrelation.WeightedKendall(p, t).Value),
            Top1Regret = OverTasks.Mean(forecasts, Regret),
            Coverage = models.Average(m => m.IsCovered is { } covered ? covered ? 1.0 : 0 : null),
            Width = models.Average(m => m.Level?.High - m.Level?.Low),
            Bias = models.Average(m => m.Level?.Expected - m.Truth),
            Seconds = Median([.. forecasts.Select(f => f.Seconds)]),
        };
    }

    /// <summary>Leaders that share the first place count with their mean.</summary>
    private static double? Regret(IReadOnlyList<double> predicted, IReadOnlyList<double> truth)
    {
        if (predicted.Count == 0)
        {
            return null;
        }

        double greatest = predicted.Max();
        return truth.Max() - truth.Where((_, i) => predicted[i] >= greatest).Average();
    }

    private static double? Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? null : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
