using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Curves;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Models that were trained on the same data with the same seed, and are ranked against each other.</summary>
/// <param name="Name">Unique among the tasks.</param>
public sealed record EvaluationTask(string Name, Run Run)
{
    /// <summary>One task per run of each file. A run's name that several files have is preceded by the file's folder and name.</summary>
    /// <exception cref="FormatException">A file is no curves CSV, or a model has no true accuracy; names it.</exception>
    public static IReadOnlyList<EvaluationTask> Read(IReadOnlyList<FileInfo> files)
    {
        List<EvaluationTask> tasks = [.. files.SelectMany(file => Of(file.Name, CurveFile.Read(file.FullName)))];
        IEnumerable<string> twice = tasks.CountBy(t => t.Name).Where(n => n.Value > 1).Select(n => n.Key);
        return twice.Any() ? [.. files.SelectMany(file => Of(file.Name, CurveFile.Read(file.FullName), Prefix(file)))] : tasks;
    }

    /// <summary>Windows that leave something to predict: those that reach the last epoch do not.</summary>
    /// <param name="starts">Null leaves the start to the predictor.</param>
    public IEnumerable<Window> Windows(int observe, IEnumerable<int?> starts)
        => starts.Select(start => new Window(observe, start)).Where(window => window.LastEpoch < Run.Epochs);

    private static IEnumerable<EvaluationTask> Of(string file, IReadOnlyList<CurveRow> rows, string prefix = "")
        => rows.GroupBy(r => r.Run).Select(run => new EvaluationTask(
            prefix + run.Key, Run.Of(run.Key, Known(file, [.. run]))));

    private static IReadOnlyList<CurveRow> Known(string file, IReadOnlyList<CurveRow> rows)
        => rows.GroupBy(r => r.Model).FirstOrDefault(model => model.All(r => r.TestAccuracy is null)) is { } unknown
            ? throw new FormatException($"{file}: {unknown.Key} of run {unknown.First().Run} has no test_acc at any epoch, so its true accuracy is not known.")
            : rows;

    private static string Prefix(FileInfo file) => $"{file.Directory!.Name}/{Path.GetFileNameWithoutExtension(file.Name)} ";
}
