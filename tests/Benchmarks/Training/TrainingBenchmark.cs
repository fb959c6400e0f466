using System.CommandLine;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>
/// Images per second of fine-tuning under the probe, beside the same networks in PyTorch on the same libtorch and thread count. The two take
/// turns, a few steps each, so that a busy machine hits both; the median of the rounds' ratios counts.
/// </summary>
internal static class TrainingBenchmark
{
    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var backbones = new Argument<string[]>("backbones") { Description = "Which; all where none is named.", DefaultValueFactory = _ => Names };
        backbones.AcceptOnlyFromAmong(Names);
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 3 };
        var spins = new Option<int?>("--pytorch-spins") { Description = "GOMP_SPINCOUNT of PyTorch, which runs as it comes without this; the product's own is 10000." };
        var command = new Command("training", "Images/s against PyTorch (Debian's python3-torch).") { backbones, rounds, spins, ProcessorTime };
        command.SetAction(arguments => Run(
            console, device.Of(arguments), arguments.GetValue(backbones)!, arguments.GetValue(rounds), arguments.GetValue(spins), ClockOf(arguments)));
        return command;
    }

    public static Option<bool> ProcessorTime { get; } = new("--processor-time") { Description = "Seconds of the processor instead of the clock's: for a busy machine, with --threads 1." };

    public static Func<Seconds, double> ClockOf(ParseResult arguments) => arguments.GetValue(ProcessorTime) ? seconds => seconds.Processor : seconds => seconds.Elapsed;

    private static string[] Names => [.. TrainingCase.All.Select(@case => @case.Backbone)];

    private static int Run(IAnsiConsole console, ComputeDevice device, string[] backbones, int rounds, int? spins, Func<Seconds, double> clock)
    {
        PythonPeer peer;
        try
        {
            peer = PyTorchTraining.Start(device, spins);
        }
        catch (InvalidOperationException e)
        {
            console.WriteLine(e.Message);
            return 1;
        }
        using (peer)
        {
            Compare(console, peer, spins, device, TrainingCase.All.Where(@case => backbones.Contains(@case.Backbone, StringComparer.Ordinal)), rounds, clock);
        }
        return 0;
    }

    private static void Compare(IAnsiConsole console, PythonPeer peer, int? spins, ComputeDevice device, IEnumerable<TrainingCase> cases, int rounds, Func<Seconds, double> clock)
    {
        console.WriteMachine(device);
        console.MarkupLineInterpolated($"PyTorch {peer.Version}, {(spins is null ? "as it comes" : $"GOMP_SPINCOUNT={spins}")}. Default probe, Adam; {rounds} rounds of so many steps each.");
        console.MarkupLine("A step: take uint8 images, normalise, forward, cross-entropy, backward, Adam. PyTorch in its default memory layout, and in channels_last.");
        var table = new Table().AddColumns("backbone", "images", "steps", "images/s", "PyTorch images/s", "ratio", "channels_last images/s", "ratio");
        var figures = new List<Figure>();
        var channelsLast = new List<Figure>();
        foreach (var @case in cases)
        {
            var timings = Measure(peer, device, @case, rounds);
            var ratio = Ratio(timings, t => t.PyTorch, clock);
            var channelsLastRatio = Ratio(timings, t => t.ChannelsLast, clock);
            table.AddRow(
                @case.Backbone, $"{@case.BatchSize} of {@case.ImageSize} px", Report.Format(@case.Steps),
                Rate(timings.Select(t => t.Ours)), Rate(timings.Select(t => t.PyTorch)), Report.Format(ratio),
                Rate(timings.Select(t => t.ChannelsLast)), Report.Format(channelsLastRatio));
            figures.Add(new($"ratio_{@case.Backbone}", ratio));
            channelsLast.Add(new($"ratio_channels_last_{@case.Backbone}", channelsLastRatio));

            string Rate(IEnumerable<Seconds> seconds) => Report.Format(@case.Steps * @case.BatchSize / seconds.Select(s => clock(s)).Median());
        }
        console.Write(table);
        console.WriteResult([.. figures, .. channelsLast]);
    }

    private static double Ratio(IEnumerable<Round> rounds, Func<Round, Seconds> theirs, Func<Seconds, double> clock)
        => rounds.Select(round => clock(theirs(round)) / clock(round.Ours)).Median();

    private static List<Round> Measure(PythonPeer peer, ComputeDevice device, TrainingCase @case, int rounds)
    {
        using var bench = new Workbench(@case.Steps * @case.BatchSize, device, @case.ImageSize, @case.BatchSize);
        using var tuning = bench.FineTuning(@case.Backbone);
        int[] order = [.. Enumerable.Range(0, @case.Steps * @case.BatchSize)];
        // Allocators and kernels' caches fill in the first steps.
        tuning.Train(bench.Images, order.AsSpan(0, Math.Min(2, @case.Steps) * @case.BatchSize), CancellationToken.None);
        peer.Train(@case, 2, channelsLast: false);
        peer.Train(@case, 2, channelsLast: true);
        return
        [
            .. Enumerable.Range(0, rounds).Select(_ => new Round(
                Timing.OfBoth(() => tuning.Train(bench.Images, order, CancellationToken.None)),
                peer.Train(@case, @case.Steps, channelsLast: false),
                peer.Train(@case, @case.Steps, channelsLast: true))),
        ];
    }

    private sealed record Round(Seconds Ours, Seconds PyTorch, Seconds ChannelsLast);
}
