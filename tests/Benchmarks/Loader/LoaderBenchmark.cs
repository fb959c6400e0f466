using System.CommandLine;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Loader;

/// <summary>
/// How long the training loop waits for its data: taking a batch from the mapped cache, labels, scaling to float and the layout that the
/// network wants, as a share of the whole steps. Steps and batches take turns, one by one, so that a batch finds the processor's caches as
/// a step leaves them, and a busy machine hits both; the share is that of the sums.
/// </summary>
internal static class LoaderBenchmark
{
    private static readonly string[] Backbones = ["resnet20", "resnet18"];

    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var steps = new Option<int>("--steps") { Description = "Training steps in a round.", DefaultValueFactory = _ => 8 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => 9 };
        var command = new Command("loader", "The share of training in which the loop waits for images.") { steps, rounds };
        command.SetAction(arguments => Run(console, device.Of(arguments), arguments.GetValue(steps), arguments.GetValue(rounds)));
        return command;
    }

    private static int Run(IAnsiConsole console, ComputeDevice device, int steps, int rounds)
    {
        console.WriteMachine(device);
        console.MarkupLineInterpolated($"{Workbench.ImageSize}×{Workbench.ImageSize} images, batch {Workbench.BatchSize}, default probe, Adam; {rounds} rounds of {steps} steps each.");
        using var bench = new Workbench(steps * Workbench.BatchSize, device);
        var table = new Table().AddColumns("backbone", "step ms", "data ms", "share");
        var shares = new List<Figure>();
        foreach (var backbone in Backbones)
        {
            var timings = Measure(bench, backbone, steps, rounds);
            var share = timings.Sum(t => t.Data) / timings.Sum(t => t.Steps);
            table.AddRow(backbone, Milliseconds(timings.Select(t => t.Steps)), Milliseconds(timings.Select(t => t.Data)), Report.Format(share));
            shares.Add(new($"loader_{backbone}", share));
        }
        console.Write(table);
        console.WriteResult([new("loader", shares.Max(figure => figure.Value)), .. shares]);
        return 0;

        string Milliseconds(IEnumerable<double> seconds) => Report.Format(1e3 * seconds.Median() / steps);
    }

    private static List<(double Steps, double Data)> Measure(Workbench bench, string backbone, int steps, int rounds)
    {
        using var tuning = bench.FineTuning(backbone);
        // As an epoch does: neighbours in a batch are no neighbours in the file.
        int[] order = Worker.Datasets.EpochOrder.Shuffle([.. Enumerable.Range(0, steps * Workbench.BatchSize)], seed: 1, epoch: 1);
        tuning.Train(bench.Images, order.AsSpan(0, 2 * Workbench.BatchSize), CancellationToken.None);
        return [.. Enumerable.Range(0, rounds).Select(_ => Round(tuning, bench, order))];
    }

    private static (double Steps, double Data) Round(FineTuning tuning, Workbench bench, int[] order)
    {
        var (training, data) = (0.0, 0.0);
        for (var start = 0; start < order.Length; start += Workbench.BatchSize)
        {
            var batch = order[start..(start + Workbench.BatchSize)];
            training += Timing.Of(() => tuning.Train(bench.Images, batch, CancellationToken.None));
            data += Timing.Of(() =>
            {
                using var scope = TorchSharp.torch.NewDisposeScope();
                tuning.Batch(bench.Images, batch);
            });
        }
        return (training, data);
    }
}
