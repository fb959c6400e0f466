using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>
/// What predictors may learn from when they are asked about a task: those of other collections of images, since a user's images are of none that we know (all
/// others where collections are not known), never the task itself in any of its repeats, and never one that was kept aside: those are there to be predicted.
/// </summary>
public sealed class TaskHistory
{
    private readonly IReadOnlyList<(TaskFacts Facts, PastTask Past)> _tasks;

    public TaskHistory(IEnumerable<EvaluationTask> tasks)
        => _tasks = [.. tasks.Where(t => !t.Facts.IsAside).GroupBy(t => t.Facts.Task, StringComparer.Ordinal).Select(task => (task.First().Facts, Past(task.Key, [.. task])))];

    public static TaskHistory None { get; } = new([]);

    /// <summary>Of how many tasks.</summary>
    public int Count => _tasks.Count;

    public IReadOnlyList<PastTask> For(EvaluationTask task)
        => [.. _tasks.Where(t => t.Facts.Task != task.Facts.Task && (t.Facts.Collection is null || t.Facts.Collection != task.Facts.Collection))
            .Select(t => t.Past with { SameDataset = t.Facts.Dataset is not null && t.Facts.Dataset == task.Facts.Dataset })];

    private static PastTask Past(string name, IReadOnlyList<EvaluationTask> repeats)
    {
        Run run = Run.Pooled(name, [.. repeats.Select(r => r.Run)]);
        return new PastTask(name, SameDataset: false, run.Epochs, [.. run.Models.Select(m => new PastCandidate(m.Model, m.Curves, m.Truth))]);
    }
}
