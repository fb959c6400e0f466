using System.CommandLine;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Rankings;

/// <summary>A whole ranking of a large job by each predictor of curves but CL and Domhan's: order, intervals, P(best), agreement with the final accuracies.</summary>
internal static class RankBenchmark
{
    private const int Candidates = 17;
    private const int Epochs = 50;
    private const int Repeats = 20;
    private const int PastTasks = 10;
    private const int PastEpochs = 50;

    private static readonly SelectionSpec Selection = new() { Observe = Epochs, Start = 0 };

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rankings of each predictor.", DefaultValueFactory = _ => 15 };
        var command = new Command("rank", $"Milliseconds of a ranking of {Candidates} candidates × {Epochs} epochs × {Repeats} repeats, by predictor.") { rounds };
        command.SetAction(arguments => Run(console, arguments.GetValue(threads), arguments.GetValue(rounds)));
        return command;
    }

    private static void Run(IAnsiConsole console, int threads, int rounds)
    {
        console.WriteMachine(threads);
        var job = new LargeJob(Candidates, Epochs, Repeats, seed: 0);
        List<PastTask> history = [.. Enumerable.Range(1, PastTasks).Select(task => new LargeJob(Candidates, PastEpochs, repeats: 1, task).AsPast())];
        var milliseconds = PredictorCatalogue.All.Where(p => p.Unit == PredictionUnit.Accuracy && p.Name is not (PredictorNames.CurveSimilarity or PredictorNames.Domhan)).ToDictionary(p => p.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (predictor, times) in milliseconds)
            {
                var seconds = Timing.Of(() => Ranker.Rank(job.Spec, job.Trials, job.Observations, Selection with { Predictor = predictor }, history));
                if (round > 0) times.Add(1e3 * seconds); // the first round compiles
            }
        }

        var table = new Table().AddColumns("predictor", "median ms", "least ms");
        foreach (var (predictor, times) in milliseconds) table.AddRow(predictor, Report.Format(times.Median()), Report.Format(times.Min()));
        console.Write(table);
        console.WriteResult(
        [
            .. milliseconds.Select(p => new Figure($"rank_{p.Key}_ms", p.Value.Median())),
            new Figure("rank_ms", milliseconds.Values.Sum(times => times.Median())), new Figure("rank_least_ms", milliseconds.Values.Sum(times => times.Min())),
        ]);
    }
}
