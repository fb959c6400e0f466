using System.CommandLine;
using NeuralCapacitance.Benchmarks.Beta;
using NeuralCapacitance.Benchmarks.Decoding;
using NeuralCapacitance.Benchmarks.Fuzz;
using NeuralCapacitance.Benchmarks.Load;
using NeuralCapacitance.Benchmarks.Loader;
using NeuralCapacitance.Benchmarks.Ops;
using NeuralCapacitance.Benchmarks.Queue;
using NeuralCapacitance.Benchmarks.Rankings;
using NeuralCapacitance.Benchmarks.Slots;
using NeuralCapacitance.Benchmarks.Training;
using NeuralCapacitance.Domain.Statistics;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks;

/// <summary>One subcommand per benchmark. Each explains its figures and ends with a line <c>RESULT name=value …</c>.</summary>
internal static class Program
{
    /// <summary>No line of ours is longer; a RESULT line must not be broken.</summary>
    private const int Width = 4_000;

    private static int Main(string[] args)
    {
        SmallMatrices.ComputeOnOneThread();
        var console = AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = Width;

        var threads = new Option<int>("--threads")
        {
            Description = "Threads of a tensor operation.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            Recursive = true,
        };
        var device = new DeviceOptions(
            new("--device") { Description = "cpu, or cuda:N: of ops, beta, training, layouts, loader and slots.", DefaultValueFactory = _ => "cpu", Recursive = true }, threads);
        var root = new RootCommand("Benchmarks. docs/performance.md keeps results, and says how they were taken.")
        {
            threads,
            device.Device,
            OpsBenchmark.Command(console, device),
            BetaBenchmark.Command(console, device),
            TrainingBenchmark.Command(console, device),
            LayoutBenchmark.Command(console, device),
            DecodeBenchmark.Command(console, threads),
            LoaderBenchmark.Command(console, device),
            RankBenchmark.Command(console, threads),
            SlotsBenchmark.Command(console, device),
            QueueBenchmark.Command(console, threads),
            SoakBenchmark.Command(console, threads),
            LoadBenchmark.Command(console, threads),
            FuzzBenchmark.Command(console),
            QueueProcess.Command(),
        };
        return root.Parse(args).Invoke();
    }
}
