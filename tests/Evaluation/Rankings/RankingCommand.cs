using System.CommandLine;
using System.Globalization;
using NeuralCapacitance.Evaluation.Charts;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary><c>ranking</c>: how well every predictor ranks recorded curves.</summary>
internal static class RankingCommand
{
    private const int FewRuns = 6;

    public static Command Create()
    {
        var options = new RankingOptions();
        var command = new Command("ranking", "Rank recorded curves with every predictor and compare with the true accuracies.");
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            RankingInput input;
            IReadOnlyList<EvaluationTask> drawn;
            try
            {
                input = await RankingInput.LoadAsync(options, arguments, cancellationToken);
                drawn = Drawn(input.Runs, arguments.GetValue(options.Plot) ?? []);
            }
            catch (Exception fault) when (fault is FormatException or InvalidOperationException or HttpRequestException)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 1;
            }

            Evaluate(options, arguments, input, drawn);
            return 0;
        });
        return command;
    }

    private static void Evaluate(RankingOptions options, ParseResult arguments, RankingInput input, IReadOnlyList<EvaluationTask> drawn)
    {
        RankingEvaluation evaluation = Of(input.Runs);
        var bootstrap = new Bootstrap(input.Runs, arguments.GetValue(options.Replicates), arguments.GetValue(options.Seed));
        var report = new RankingReport(evaluation, Of(EvaluationTask.Pooled(input.Runs)), bootstrap);
        DirectoryInfo folder = arguments.GetValue(options.Out) ?? Directory.CreateTempSubdirectory("ranking-");
        string[] markdown = [.. report.Markdown()];
        Write(folder, markdown, report, new RankingCharts(evaluation, drawn));

        foreach (string line in markdown) Console.Out.WriteLine(line);
        Console.Out.WriteLine();
        if (SlowPredictors.LeftOut(evaluation.Predictors) is { Count: > 0 } left) Console.Out.WriteLine($"Left out because they are slow (--slow asks them too): {string.Join(", ", left)}.");
        Console.Out.WriteLine($"Tables and plots are in {folder.FullName}");
        IReadOnlyDictionary<string, double> times = RankingTiming.Milliseconds(TimeProvider.System);
        Console.Out.WriteLine("One prediction of 17 candidates × 50 epochs × 20 repeats takes, in ms: "
            + string.Join(", ", times.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value:0.0}"))));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Result()} ms17x50x20={times.Values.Sum():0.0}"));

        RankingEvaluation Of(IReadOnlyList<EvaluationTask> runs)
            => new(runs, options.ChosenPredictors(arguments), arguments.GetRequiredValue(options.Observe), options.ChosenStarts(arguments), TimeProvider.System, input.History);
    }

    private static void Write(DirectoryInfo folder, string[] markdown, RankingReport report, RankingCharts charts)
    {
        folder.Create();
        File.WriteAllLines(Path.Combine(folder.FullName, "ranking.md"), markdown);
        foreach ((string file, IReadOnlyList<string> lines) in report.Csv()) File.WriteAllLines(Path.Combine(folder.FullName, file), lines);
        foreach ((string file, Chart chart) in charts.All()) File.WriteAllText(Path.Combine(folder.FullName, file), chart.ToSvg());
    }

    private static IReadOnlyList<EvaluationTask> Drawn(IReadOnlyList<EvaluationTask> runs, string[] names)
    {
        if (names.Except(runs.Select(r => r.Name), StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new FormatException($"'{unknown}' is not among the evaluated runs; there are {string.Join(", ", runs.Select(r => r.Name))}.");
        if (names.Length > 0) return [.. runs.Where(r => names.Contains(r.Name, StringComparer.Ordinal))];
        if (runs.Count <= FewRuns) return runs;
        EvaluationTask[] kinds = [.. new[] { TaskKind.Noisy, TaskKind.Clean }.Select(kind => runs.FirstOrDefault(r => kind.Has(r.Facts))).OfType<EvaluationTask>()];
        return kinds.Length > 0 ? kinds : [runs[0]];
    }
}
