using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Tasks;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>The first predictor against what costs nothing, per kind of task, and against each of the others.</summary>
internal static class DifferenceTable
{
    /// <summary>What a predictor must beat to be worth having; those without an answer are no rivals.</summary>
    private static readonly string[] Trivial = [PredictorNames.LastSeen, PredictorNames.BestSeen, PredictorNames.LogMe];

    /// <summary>Of the line RESULT.</summary>
    private static readonly (TaskKind Kind, string Name)[] Judged = [(TaskKind.Noisy, "noisy"), (TaskKind.Clean, "clean")];

    public static Section ByKind(RankingEvaluation evaluation, Bootstrap bootstrap)
    {
        string ours = evaluation.Predictors[0].Name;
        var rows = (from kind in TaskKind.All.Concat(evaluation.Collections)
                    from rivals in Rivals(evaluation, kind)
                    select (kind, rivals, Differences: evaluation.Observed.Select(k => evaluation.Difference(ours, rivals, k, kind, bootstrap)).ToList())).ToList();
        return new Section(
            Text($"{ours} against what is free, per kind of task"),
            [
                "Mean ρ minus that of the other on the same tasks, with a 90 % interval. Best of: of whichever has the greatest mean on these tasks and at this k.",
                "",
                .. Table(
                    ["tasks", "minus", .. evaluation.Observed.Select(k => Text($"k = {k}"))],
                    rows.Select(row => (IEnumerable<string>)[Named(row.kind, row.Differences), Named(row.rivals), .. row.Differences.Select(Cell)])),
            ])
        {
            CsvName = "differences",
            Csv =
            [
                "kind,minus,k,tasks,difference,low,high",
                .. from row in rows
                   from pair in evaluation.Observed.Zip(row.Differences)
                   let d = pair.Second
                   select string.Join(',', row.kind.Name, string.Join('|', row.rivals), Text($"{pair.First}"), Text($"{d.Tasks}"), Csv(d.Mean), Csv(d.Interval?.Low), Csv(d.Interval?.High)),
            ],
            Figures =
            [
                .. from judged in Judged
                   let all = rows.FindAll(row => row.kind == judged.Kind)
                   where all.Count > 0
                   from pair in evaluation.Observed.Zip(all.MaxBy(row => row.rivals.Count).Differences)
                   where pair.Second.Mean is not null
                   select Text($"diff{pair.First}_{judged.Name}={pair.Second.Mean:0.000}"),
            ],
        };
    }

    public static Section ByPredictor(RankingEvaluation evaluation, Bootstrap bootstrap)
    {
        string ours = evaluation.Predictors[0].Name;
        var others = evaluation.Predictors.Skip(1).Select(p => p.Name).Where(p => evaluation.Answers(p, TaskKind.Every));
        return new Section(Text($"Mean ρ of {ours} minus that of the others"), [.. Table(
            ["other", "tasks", .. evaluation.Observed.Select(k => Text($"k = {k}"))],
            others.Select(other =>
            {
                var differences = evaluation.Observed.Select(k => evaluation.Difference(ours, [other], k, TaskKind.Every, bootstrap)).ToList();
                return (IEnumerable<string>)[$"`{other}`", Text($"{differences.Max(d => d.Tasks)}"), .. differences.Select(Cell)];
            }))]);
    }

    /// <summary>Each of the trivial ones that answers, the seen values together, and all of them together.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Rivals(RankingEvaluation evaluation, TaskKind kind)
    {
        var known = evaluation.Predictors.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        string[] each = [.. Trivial.Where(p => p != evaluation.Predictors[0].Name && known.Contains(p) && evaluation.Answers(p, kind))];
        string[][] sets = [.. each.Select(p => new[] { p }), each[..Math.Min(2, each.Length)], each];
        return [.. sets.Where(set => set.Length > 0).DistinctBy(set => string.Join(' ', set), StringComparer.Ordinal)];
    }

    private static string Named(TaskKind kind, IReadOnlyList<Difference> differences) => Text($"{kind.Name}: {differences.Max(d => d.Tasks)}");

    private static string Named(IReadOnlyList<string> rivals)
        => rivals.Count == 1 ? $"`{rivals[0]}`" : $"best of {string.Join(", ", rivals.Select(r => $"`{r}`"))}";

    private static string Cell(Difference d) => $"{Signed(d.Mean)} ({Show(d.Interval)})";
}
