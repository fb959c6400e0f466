using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Models that were trained on the same data with the same seed, and are ranked against each other: one repeat of a task.</summary>
/// <param name="Name">Unique among the runs.</param>
public sealed record EvaluationTask(string Name, TaskFacts Facts, Run Run)
{
    /// <summary>One per run of each file. A run's name that several files have is preceded by the file's folder and name.</summary>
    /// <param name="kinds">Go before what a corpus beside a file says.</param>
    /// <exception cref="FormatException">A file is no curves CSV, or a model has no true accuracy; names it.</exception>
    public static IReadOnlyList<EvaluationTask> Read(IReadOnlyList<FileInfo> files, TaskBook? kinds = null, ScoreTable? scores = null)
    {
        var read = files.Select(file => (File: file, Book: (kinds ?? TaskBook.Empty).Or(TaskBook.Beside(file)), Rows: CurveFile.Read(file.FullName))).ToList();
        var twice = read.SelectMany(file => file.Rows.Select(r => r.Run).Distinct(StringComparer.Ordinal)).CountBy(name => name, StringComparer.Ordinal).Any(n => n.Value > 1);
        return [.. read.SelectMany(file => Of(file.File, file.Rows, file.Book, scores ?? ScoreTable.Empty, twice ? Prefix(file.File) : ""))];
    }

    /// <param name="name">Of the run.</param>
    /// <param name="scores">Of its models.</param>
    /// <param name="kind">Of its models; by default what the facts make of their names.</param>
    public static EvaluationTask Of(
        string name, TaskFacts facts, IReadOnlyList<CurveRow> rows, Func<string, IReadOnlyDictionary<string, ScoreValue>> scores, Func<string, string>? kind = null)
    {
        Run run = Run.Of(name, rows);
        return new EvaluationTask(name, facts, run with
        {
            Models = [.. run.Models.Select(m => m with { Curves = m.Curves with { Kind = (kind ?? facts.KindOf)(m.Model), Scores = scores(m.Model) } })],
        });
    }

    /// <summary>The repeats of each task that has several, as one run: their curves and true accuracies averaged.</summary>
    public static IReadOnlyList<EvaluationTask> Pooled(IEnumerable<EvaluationTask> runs)
        => [.. runs.GroupBy(r => r.Facts.Task, StringComparer.Ordinal).Where(task => task.Count() > 1)
            .Select(task => new EvaluationTask(task.Key, task.First().Facts, Run.Pooled(task.Key, [.. task.Select(t => t.Run)])))];

    /// <summary>Windows that leave something to predict: those that reach the last epoch do not.</summary>
    /// <param name="starts">Null leaves the start to the predictor.</param>
    public IEnumerable<Window> Windows(int observe, IEnumerable<int?> starts)
        => starts.Select(start => new Window(observe, start)).Where(window => window.LastEpoch < Run.Epochs);

    /// <param name="history">For predictors that learn from other tasks.</param>
    public PredictionInput Input(Window window, IReadOnlyList<PastTask> history)
        => new() { Candidates = [.. Run.Models.Select(m => m.Curves)], Window = window, Epochs = Run.Epochs, History = history };

    private static IEnumerable<EvaluationTask> Of(FileInfo file, IReadOnlyList<CurveRow> rows, TaskBook book, ScoreTable scores, string prefix)
        => rows.GroupBy(r => r.Run).Select(run =>
        {
            TaskFacts facts = book.Of(run.Key);
            return Of(prefix + run.Key, facts with { Task = prefix + facts.Task }, Known(file.Name, [.. run]), model => scores.Of(run.Key, facts.Task, model));
        });

    private static IReadOnlyList<CurveRow> Known(string file, IReadOnlyList<CurveRow> rows)
        => rows.GroupBy(r => r.Model).FirstOrDefault(model => model.All(r => r.TestAccuracy is null)) is { } unknown
            ? throw new FormatException($"{file}: {unknown.Key} of run {unknown.First().Run} has no test_acc at any epoch, so its true accuracy is not known.")
            : rows;

    private static string Prefix(FileInfo file) => $"{file.Directory!.Name}/{Path.GetFileNameWithoutExtension(file.Name)} ";
}
