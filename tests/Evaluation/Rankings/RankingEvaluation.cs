using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Every predictor on every run, from every window.</summary>
public sealed class RankingEvaluation
{
    /// <summary>Nominal level of the intervals whose coverage is measured.</summary>
    public const double Confidence = 0.9;

    private readonly Dictionary<(string Predictor, int Observe), IReadOnlyList<Forecast>> _forecasts = [];

    /// <param name="starts">Windows are the epochs start + 1 … start + k; null leaves the start to the predictor.</param>
    /// <param name="clock">To time predictions with.</param>
    /// <param name="history">For predictors that learn from other tasks; null: there is none.</param>
    public RankingEvaluation(
        IReadOnlyList<EvaluationTask> tasks,
        IReadOnlyList<IPredictor> predictors,
        IReadOnlyList<int> observed,
        IReadOnlyList<int?> starts,
        TimeProvider clock,
        TaskHistory? history = null)
    {
        (Tasks, Predictors, Observed, Starts, History) = (tasks, predictors, observed, starts, history ?? TaskHistory.None);
        var past = tasks.ToDictionary(t => t.Name, History.For, StringComparer.Ordinal);
        foreach (IPredictor predictor in predictors)
        {
            foreach (int observe in observed)
            {
                _forecasts[(predictor.Name, observe)] =
                    [.. from task in tasks from window in task.Windows(observe, starts) select Forecast.Of(task, predictor, task.Input(window, past[task.Name]), Confidence, clock)];
            }
        }
    }

    public IReadOnlyList<EvaluationTask> Tasks { get; }

    /// <summary>The first is the one that the others are held against.</summary>
    public IReadOnlyList<IPredictor> Predictors { get; }

    public IReadOnlyList<int> Observed { get; }

    public IReadOnlyList<int?> Starts { get; }

    public TaskHistory History { get; }

    /// <summary>Some without an answer.</summary>
    public IReadOnlyList<Forecast> Forecasts(string predictor, int observe) => _forecasts[(predictor, observe)];

    /// <summary>In the order of predictors, then of k.</summary>
    public IReadOnlyList<Score> Scores(Bootstrap bootstrap)
        => [.. from predictor in Predictors from observe in Observed select Score.Of(predictor.Name, observe, Forecasts(predictor.Name, observe), bootstrap)];

    /// <summary>ρ of one run, averaged over start epochs.</summary>
    public double? Rho(string run, string predictor, int observe)
        => OverTasks.Mean([.. Forecasts(predictor, observe).Where(f => f.Task.Name == run)]);

    /// <summary>A kind for each collection that images come from.</summary>
    public IReadOnlyList<TaskKind> Collections =>
    [
        .. Tasks.Select(t => t.Facts.Collection).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new TaskKind(name, facts => facts.Collection == name)),
    ];

    /// <summary>Mean ρ over the tasks of a kind.</summary>
    public double? Rho(string predictor, int observe, TaskKind kind) => OverTasks.Mean([.. Forecasts(predictor, observe).Where(f => kind.Has(f.Task.Facts))]);

    /// <summary>Whether it said anything about any of these tasks.</summary>
    public bool Answers(string predictor, TaskKind kind)
        => Observed.Any(k => Forecasts(predictor, k).Any(f => f.IsAnswered && kind.Has(f.Task.Facts)));

    /// <summary>
    /// Mean ρ of one predictor minus that of the best of some others, on the runs, windows and models of which all of them said something.
    /// Each replicate of the bootstrap has its own best, so that the interval counts the choice among them.
    /// </summary>
    public Difference Difference(string predictor, IReadOnlyList<string> others, int observe, TaskKind kind, Bootstrap bootstrap)
    {
        IReadOnlyList<IReadOnlyList<Forecast>> matched = Matched([predictor, .. others], observe, kind);
        var means = matched.Select(m => OverTasks.Mean(m)).ToList();
        var replicates = matched.Select(bootstrap.Rho).ToList();
        return new Difference(
            means[0] - means.Skip(1).Max(),
            bootstrap.Interval(replicates[0].Select((ours, i) => ours - replicates.Skip(1).Max(theirs => theirs[i]))),
            matched[0].Select(f => f.Task.Facts.Task).Distinct(StringComparer.Ordinal).Count());
    }

    private IReadOnlyList<IReadOnlyList<Forecast>> Matched(IReadOnlyList<string> predictors, int observe, TaskKind kind)
    {
        var matched = predictors.Select(_ => new List<Forecast>()).ToList();
        var all = predictors.Select(p => Forecasts(p, observe)).ToList();
        for (int i = 0; i < all[0].Count; i++)
        {
            if (!kind.Has(all[0][i].Task.Facts)) continue;
            HashSet<string> models = [.. all[0][i].Models.Select(m => m.Model)];
            foreach (var other in all) models.IntersectWith(other[i].Models.Select(m => m.Model));
            if (models.Count < 2) continue;
            foreach (var (to, from) in matched.Zip(all)) to.Add(from[i].Only(models));
        }

        return matched;
    }
}

/// <param name="Mean">Null: no task has both.</param>
/// <param name="Tasks">That it rests on.</param>
public sealed record Difference(double? Mean, Interval? Interval, int Tasks);
