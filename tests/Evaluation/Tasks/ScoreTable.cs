using System.Globalization;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>Training-free scores of models, by run or by task.</summary>
public sealed class ScoreTable
{
    private readonly ILookup<(string Run, string Model), (string Score, double? Value)> _scores;

    private ScoreTable(IEnumerable<(string Run, string Model, string Score, double? Value)> scores)
        => _scores = scores.ToLookup(s => (s.Run, s.Model), s => (s.Score, s.Value));

    public static ScoreTable Empty { get; } = new([]);

    public static ScoreTable Of(IEnumerable<(string Run, string Model, string Score, double? Value)> scores) => new(scores);

    /// <summary>Columns <c>run,model,score,value</c>: run is a run or a task, score the name of the predictor that ranks by it. A blank value: there is none.</summary>
    /// <exception cref="FormatException">Names file, line and column.</exception>
    public static ScoreTable Read(IEnumerable<FileInfo> files)
        => new([.. files.SelectMany(file => TableRow.Read(file.FullName)).Select(row => (row.Text("run"), row.Text("model"), row.Text("score"), row.Optional("value")))]);

    /// <summary>As <see cref="Read"/> takes them.</summary>
    public static IEnumerable<string> Lines(IEnumerable<(string Run, string Model, string Score, double? Value)> scores)
        => scores.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Run},{s.Model},{s.Score},{s.Value:G9}")).Prepend("run,model,score,value");

    /// <summary>What both know; <paramref name="other"/> goes before this one.</summary>
    public ScoreTable And(ScoreTable other) => new(Entries().Concat(other.Entries()));

    /// <summary>By score; a score of the run itself goes before one of its task.</summary>
    public IReadOnlyDictionary<string, ScoreValue> Of(string run, string task, string model)
        => _scores[(task, model)].Concat(run == task ? [] : _scores[(run, model)])
            .GroupBy(s => s.Score, StringComparer.Ordinal)
            .ToDictionary(s => s.Key, s => new ScoreValue(s.Last().Value, s.Last().Value is null ? "the table has no value" : null), StringComparer.Ordinal);

    private IEnumerable<(string Run, string Model, string Score, double? Value)> Entries()
        => _scores.SelectMany(s => s.Select(score => (s.Key.Run, s.Key.Model, score.Score, score.Value)));
}
