using System.CommandLine;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Rankings;

/// <summary>
/// A whole ranking of a large job by each predictor of curves but CL and Domhan's: order, intervals, P(best), agreement with the final accuracies. What the service
/// computes once for all of them counts once.
/// </summary>
internal static class RankBenchmark
{
    private const string Basis = "basis";

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rankings of each predictor.", DefaultValueFactory = _ => 15 };
        var candidates = new Option<int>("--candidates") { Description = "Of the job.", DefaultValueFactory = _ => 17 };
        var epochs = new Option<int>("--epochs") { Description = "Of the job and of past ones.", DefaultValueFactory = _ => 50 };
        var repeats = new Option<int>("--repeats") { Description = "Of the job.", DefaultValueFactory = _ => 20 };
        var history = new Option<int>("--history") { Description = "Past jobs.", DefaultValueFactory = _ => 10 };
        var only = new Option<string[]>("--predictors") { Description = "Only these.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("rank", "Milliseconds of a ranking of a large job, by predictor.") { rounds, candidates, epochs, repeats, history, only };
        command.SetAction(arguments => Run(
            console,
            arguments.GetValue(threads),
            arguments.GetValue(rounds),
            new Size(arguments.GetValue(candidates), arguments.GetValue(epochs), arguments.GetValue(repeats), arguments.GetValue(history)),
            arguments.GetValue(only) ?? []));
        return command;
    }

    private sealed record Size(int Candidates, int Epochs, int Repeats, int History);

    private static void Run(IAnsiConsole console, int threads, int rounds, Size size, string[] only)
    {
        console.WriteMachine(threads);
        var job = new LargeJob(size.Candidates, size.Epochs, size.Repeats, seed: 0);
        List<PastTask> history = [.. Enumerable.Range(1, size.History).Select(task => new LargeJob(size.Candidates, size.Epochs, repeats: 1, task).AsPast())];
        var selection = new SelectionSpec { Observe = size.Epochs, Start = 0 };
        List<string> predictors = [.. PredictorCatalogue.All
            .Where(p => p.Unit == PredictionUnit.Accuracy && p.Name is not (PredictorNames.CurveSimilarity or PredictorNames.Domhan))
            .Select(p => p.Name)
            .Where(name => only.Length == 0 || only.Contains(name, StringComparer.Ordinal))];
        var milliseconds = predictors.Prepend(Basis).ToDictionary(name => name, _ => new List<Seconds>(), StringComparer.Ordinal);
        for (var round = 0; round <= rounds; round++)
        {
            RankingBasis basis = null!;
            Measure(Basis, () => basis = RankingBasis.Of(job.Spec, job.Trials, job.Observations, []));
            foreach (var predictor in predictors)
                Measure(predictor, () => Ranker.Rank(basis, selection with { Predictor = predictor }, history));

            void Measure(string name, Action action)
            {
                var seconds = Timing.OfBoth(action);
                if (round > 0) milliseconds[name].Add(new(1e3 * seconds.Elapsed, 1e3 * seconds.Processor)); // the first round compiles
            }
        }

        var table = new Table().AddColumns("predictor", "median ms", "least ms", "least ms of the processor");
        foreach (var (name, times) in milliseconds)
            table.AddRow(name, Report.Format(times.Select(t => t.Elapsed).Median()), Report.Format(times.Min(t => t.Elapsed)), Report.Format(times.Min(t => t.Processor)));
        console.Write(table);
        console.WriteResult(
        [
            .. milliseconds.Select(p => new Figure($"rank_{p.Key}_ms", p.Value.Select(t => t.Elapsed).Median())),
            new Figure("rank_ms", milliseconds.Values.Sum(times => times.Select(t => t.Elapsed).Median())),
            new Figure("rank_least_ms", milliseconds.Values.Sum(times => times.Min(t => t.Elapsed))),
            new Figure("rank_processor_ms", milliseconds.Values.Sum(times => times.Min(t => t.Processor))),
        ]);
    }
}
