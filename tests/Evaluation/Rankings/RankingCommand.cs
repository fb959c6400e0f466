using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Charts;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary><c>ranking</c>: how well every predictor ranks recorded curves.</summary>
internal static class RankingCommand
{
    private static readonly int[] StandardObserved = [3, 5, 8, 10];
    private static readonly string[] StandardStarts = ["0", "1", "2"];
    private const string Auto = "auto";

    public static Command Create()
    {
        var curves = new Option<FileInfo[]>("--curves")
        {
            Description = "CSV files of curves: run,model,epoch,val_acc,test_acc,…,beta…; every run is a task.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        }.AcceptExistingOnly();
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Folder for tables and plots; a temporary one by default." };
        var observe = new Option<int[]>("--observe") { Description = "Epochs observed.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => StandardObserved };
        var starts = new Option<string[]>("--start") { Description = "Epochs before the window, or auto; ρ is averaged over them.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => StandardStarts };
        var tasks = new Option<string[]>("--tasks") { Description = "Only the runs of these names.", AllowMultipleArgumentsPerToken = true };
        var replicates = new Option<int>("--replicates") { Description = "Of the bootstrap.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<int>("--seed") { Description = "Of the bootstrap.", DefaultValueFactory = _ => 1 };
        observe.Validators.Add(result => Require(result, result.GetValueOrDefault<int[]>() is { Length: > 0 } all && all.Min() >= 1, "--observe: whole numbers from 1 on are needed."));
        starts.Validators.Add(result => Require(
            result, result.GetValueOrDefault<string[]>() is { Length: > 0 } all && Array.TrueForAll(all, IsStart), "--start: auto or whole numbers from 0 on are needed."));
        var command = new Command("ranking", "Rank recorded curves with every predictor and compare with the true accuracies.") { curves, folder, observe, starts, tasks, replicates, seed };
        command.SetAction(a =>
        {
            try
            {
                IReadOnlyList<EvaluationTask> chosen = Choose(EvaluationTask.Read(a.GetRequiredValue(curves)), a.GetValue(tasks) ?? []);
                var evaluation = new RankingEvaluation(chosen, PredictorCatalogue.All, a.GetRequiredValue(observe), [.. a.GetRequiredValue(starts).Select(Start)], TimeProvider.System);
                Write(evaluation, new Bootstrap(chosen, a.GetValue(replicates), a.GetValue(seed)), a.GetValue(folder) ?? Directory.CreateTempSubdirectory("ranking-"));
                return 0;
            }
            catch (FormatException fault)
            {
                Console.Error.WriteLine(fault.Message);
                return 1;
            }
        });
        return command;
    }

    private static IReadOnlyList<EvaluationTask> Choose(IReadOnlyList<EvaluationTask> all, string[] names)
        => names.Except(all.Select(t => t.Name), StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new FormatException($"'{unknown}' is no run of these files; there are {string.Join(", ", all.Select(t => t.Name))}.")
            : [.. all.Where(t => names.Length == 0 || names.Contains(t.Name, StringComparer.Ordinal))];

    private static void Write(RankingEvaluation evaluation, Bootstrap bootstrap, DirectoryInfo folder)
    {
        folder.Create();
        var tables = new RankingTables(evaluation, bootstrap);
        string[] markdown = [.. tables.Markdown()];
        File.WriteAllLines(Path.Combine(folder.FullName, "ranking.md"), markdown);
        File.WriteAllLines(Path.Combine(folder.FullName, "ranking.csv"), tables.Csv());
        foreach ((string file, Chart chart) in new RankingCharts(evaluation).All())
        {
            File.WriteAllText(Path.Combine(folder.FullName, file), chart.ToSvg());
        }

        foreach (string line in markdown) Console.Out.WriteLine(line);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Tables and plots are in {folder.FullName}");
        IReadOnlyDictionary<string, double> times = RankingTiming.Milliseconds(TimeProvider.System);
        Console.Out.WriteLine("One prediction of 17 candidates × 50 epochs × 20 repeats takes, in ms: "
            + string.Join(", ", times.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value:0.0}"))));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tables.Result()} ms17x50x20={times.Values.Sum():0.0}"));
    }

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds) result.AddError(otherwise);
    }

    private static bool IsStart(string text) => text == Auto || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int? Start(string text) => text == Auto ? null : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
