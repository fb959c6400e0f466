using System.CommandLine;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>
/// Images per second of fine-tuning under the probe, beside the same networks in PyTorch on the same libtorch and thread count. The two take
/// turns, a few steps each, so that a busy machine hits both; the median of the rounds' ratios counts.
/// </summary>
internal static class TrainingBenchmark
{
    private static readonly string[] Backbones = ["resnet18", "mobilenetv2", "vgg-small"];

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var steps = new Option<int>("--steps") { Description = "Training steps in a round.", DefaultValueFactory = _ => 8 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 9 };
        var command = new Command("training", "Images/s against PyTorch (Debian's python3-torch).") { steps, rounds };
        command.SetAction(arguments => Run(console, arguments.GetValue(threads), arguments.GetValue(steps), arguments.GetValue(rounds)));
        return command;
    }

    private static int Run(IAnsiConsole console, int threads, int steps, int rounds)
    {
        PyTorchPeer peer;
        try
        {
            peer = PyTorchPeer.Start(threads);
        }
        catch (InvalidOperationException e)
        {
            console.WriteLine(e.Message);
            return 1;
        }
        using (peer)
        {
            Compare(console, peer, threads, steps, rounds);
        }
        return 0;
    }

    private static void Compare(IAnsiConsole console, PyTorchPeer peer, int threads, int steps, int rounds)
    {
        console.WriteMachine(threads);
        console.MarkupLineInterpolated($"PyTorch {peer.Version}. {Workbench.ImageSize}×{Workbench.ImageSize} images, batch {Workbench.BatchSize}, default probe, Adam; {rounds} rounds of {steps} steps each.");
        console.MarkupLine("A step: take uint8 images, normalise, forward, cross-entropy, backward, Adam. PyTorch in its default memory layout, and in channels_last.");
        using var bench = new Workbench(steps * Workbench.BatchSize, threads);
        var table = new Table().AddColumns("backbone", "images/s", "PyTorch images/s", "ratio", "channels_last images/s", "ratio");
        var figures = new List<Figure>();
        var channelsLast = new List<Figure>();
        foreach (var backbone in Backbones)
        {
            var timings = Measure(bench, peer, backbone, steps, rounds);
            var ratio = timings.Select(t => t.PyTorch / t.Ours).Median();
            var channelsLastRatio = timings.Select(t => t.ChannelsLast / t.Ours).Median();
            table.AddRow(
                backbone, Rate(timings.Select(t => t.Ours)), Rate(timings.Select(t => t.PyTorch)), Report.Format(ratio),
                Rate(timings.Select(t => t.ChannelsLast)), Report.Format(channelsLastRatio));
            figures.Add(new($"ratio_{backbone}", ratio));
            channelsLast.Add(new($"ratio_channels_last_{backbone}", channelsLastRatio));
        }
        console.Write(table);
        console.WriteResult([.. figures, .. channelsLast]);

        string Rate(IEnumerable<double> seconds) => Report.Format(steps * Workbench.BatchSize / seconds.Median());
    }

    private static List<(double Ours, double PyTorch, double ChannelsLast)> Measure(Workbench bench, PyTorchPeer peer, string backbone, int steps, int rounds)
    {
        using var tuning = bench.FineTuning(backbone);
        int[] order = [.. Enumerable.Range(0, steps * Workbench.BatchSize)];
        // Allocators and kernels' caches fill in the first steps.
        tuning.Train(bench.Images, order.AsSpan(0, 2 * Workbench.BatchSize), CancellationToken.None);
        peer.Train(backbone, 2);
        peer.Train($"{backbone}:channels_last", 2);
        return
        [
            .. Enumerable.Range(0, rounds).Select(_ => (
                Timing.Of(() => tuning.Train(bench.Images, order, CancellationToken.None)),
                peer.Train(backbone, steps),
                peer.Train($"{backbone}:channels_last", steps))),
        ];
    }
}
