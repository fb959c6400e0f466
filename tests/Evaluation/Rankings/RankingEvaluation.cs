using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Every predictor on every task, from every window.</summary>
public sealed class RankingEvaluation
{
    /// <summary>Nominal level of the intervals whose coverage is measured.</summary>
    public const double Confidence = 0.9;

    private readonly Dictionary<(string Predictor, int Observe), IReadOnlyList<Forecast>> _forecasts = [];

    /// <param name="starts">Windows are the epochs start + 1 … start + k; null leaves the start to the predictor.</param>
    /// <param name="clock">To time predictions with.</param>
    public RankingEvaluation(
        IReadOnlyList<EvaluationTask> tasks, IReadOnlyList<IPredictor> predictors, IReadOnlyList<int> observed, IReadOnlyList<int?> starts, TimeProvider clock)
    {
        (Tasks, Predictors, Observed, Starts) = (tasks, predictors, observed, starts);
        foreach (IPredictor predictor in predictors)
        {
            foreach (int observe in observed)
            {
                _forecasts[(predictor.Name, observe)] =
                    [.. from task in tasks from window in task.Windows(observe, starts) select Forecast.Of(task, predictor, window, Confidence, clock)];
            }
        }
    }

    public IReadOnlyList<EvaluationTask> Tasks { get; }

    public IReadOnlyList<IPredictor> Predictors { get; }

    public IReadOnlyList<int> Observed { get; }

    public IReadOnlyList<int?> Starts { get; }

    public IReadOnlyList<Forecast> Forecasts(string predictor, int observe) => _forecasts[(predictor, observe)];

    /// <summary>In the order of predictors, then of k.</summary>
    public IReadOnlyList<Score> Scores(Bootstrap bootstrap)
        => [.. from predictor in Predictors from observe in Observed select Score.Of(predictor.Name, observe, Forecasts(predictor.Name, observe), bootstrap)];

    /// <summary>ρ of one task, averaged over start epochs.</summary>
    public double? Rho(string task, string predictor, int observe)
        => OverTasks.Mean([.. Forecasts(predictor, observe).Where(f => f.Task.Name == task)]);

    /// <summary>Mean ρ of one predictor minus that of another on the same tasks and models, with its interval.</summary>
    public (double? Mean, Interval? Interval) Difference(string predictor, string other, int observe, Bootstrap bootstrap)
    {
        (IReadOnlyList<Forecast> ours, IReadOnlyList<Forecast> theirs) = (Forecasts(predictor, observe), Forecasts(other, observe));
        return (OverTasks.Mean(ours) - OverTasks.Mean(theirs), bootstrap.Interval(s => s.Rho(ours) - s.Rho(theirs)));
    }
}
