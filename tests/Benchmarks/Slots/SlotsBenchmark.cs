using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Slots;

/// <summary>
/// What it costs that a trial runs in a process of its own: how long until it has its images, in a new process and in one that has run a trial before, and how fast
/// it trains there and in this process, in turns.
/// </summary>
internal static class SlotsBenchmark
{
    private const int Images = 2_560;
    private const int Epochs = 2;

    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => 5 };
        var backbone = new Option<string>("--backbone") { Description = "Which one trains.", DefaultValueFactory = _ => "resnet20" };
        var command = new Command("slots", "What it costs that a trial runs in a process of its own.") { rounds, backbone };
        command.SetAction(arguments => Run(console, device.Of(arguments), arguments.GetValue(backbone)!, arguments.GetValue(rounds)));
        return command;
    }

    private static int Run(IAnsiConsole console, ComputeDevice device, string backbone, int rounds)
    {
        console.WriteMachine(device);
        var folder = Directory.CreateTempSubdirectory("nc-bench-");
        try
        {
            var settings = new ConfigurationBuilder().AddInMemoryCollection(
                [new("Storage:Root", folder.FullName), new("Worker:Device", device.Name), new("Worker:Threads", $"{device.Threads}")]).Build();
            Measure(console, settings, Plan(device, backbone), rounds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static void Measure(IAnsiConsole console, IConfiguration settings, TrialPlan plan, int rounds)
    {
        using var services = new ServiceCollection().AddTraining(settings).BuildServiceProvider();
        var here = services.GetRequiredService<TrialRunner>();
        // Makes the cache of images, and warms this process up.
        Start(plan, (p, listener) => here.Run(p, listener, CancellationToken.None));

        var firsts = Repeat(rounds, () =>
        {
            using var slots = Slots(settings);
            return Start(plan, (p, listener) => slots.Run(p, listener, CancellationToken.None));
        });
        using var warm = Slots(settings);
        Start(plan, (p, listener) => warm.Run(p, listener, CancellationToken.None));
        var nexts = Repeat(4 * rounds, () => Start(plan, (p, listener) => warm.Run(p, listener, CancellationToken.None)));

        var pairs = Enumerable.Range(0, rounds).Select(Pair).ToList();
        console.Write(new Table().AddColumns("", "median", "least", "most")
            .AddRow("first trial has its images, ms", Milliseconds(firsts.Median()), Milliseconds(firsts.Min()), Milliseconds(firsts.Max()))
            .AddRow("next trial has its images, ms", Milliseconds(nexts.Median()), Milliseconds(nexts.Min()), Milliseconds(nexts.Max()))
            .AddRow(["training in this process, images/s", .. Speeds(pairs.Select(pair => pair.Here))])
            .AddRow(["training in a slot, images/s", .. Speeds(pairs.Select(pair => pair.There))]));
        console.WriteResult([new("first", firsts.Median()), new("next", nexts.Median()), new("training", pairs.Select(pair => pair.Here / pair.There).Median())]);

        // Whoever comes first finds another machine.
        (double Here, double There) Pair(int round)
        {
            var first = round % 2 == 0 ? TrainHere() : TrainThere();
            return round % 2 == 0 ? (first, TrainThere()) : (TrainHere(), first);
        }

        double TrainHere() => Train(plan, (p, listener) => here.Run(p, listener, CancellationToken.None));

        double TrainThere() => Train(plan, (p, listener) => warm.Run(p, listener, CancellationToken.None));
    }

    private static string[] Speeds(IEnumerable<double> seconds) => [.. new[] { seconds.Median(), seconds.Max(), seconds.Min() }.Select(s => Report.Format(Images / s))];

    private static string Milliseconds(double seconds) => Report.Format(1e3 * seconds);

    private static List<T> Repeat<T>(int rounds, Func<T> measure) => [.. Enumerable.Range(0, rounds).Select(_ => measure())];

    private static TrialSlots Slots(IConfiguration settings) => new(
        settings, NullLoggerFactory.Instance, TimeProvider.System, new TorchScriptGuard(Options.Create(new TorchScriptOptions()), settings, NullLogger<TorchScriptGuard>.Instance));

    /// <summary>Seconds until a trial has its images.</summary>
    private static double Start(TrialPlan plan, Action<TrialPlan, ITrialListener> run)
    {
        var clock = new TrialClock();
        run(plan with { TrialId = Guid.NewGuid(), Epochs = 0 }, clock);
        return clock.SecondsToImages;
    }

    /// <summary>Seconds that the last epoch trained.</summary>
    private static double Train(TrialPlan plan, Action<TrialPlan, ITrialListener> run)
    {
        var clock = new TrialClock();
        run(plan with { TrialId = Guid.NewGuid() }, clock);
        return clock.TrainSeconds;
    }

    private static TrialPlan Plan(ComputeDevice device, string backbone)
    {
        var candidate = new CandidateSpec { Name = backbone, Backbone = backbone };
        return new TrialPlan
        {
            TrialId = Guid.Empty,
            Spec = new JobSpec
            {
                Dataset = new() { Name = DatasetSpec.SyntheticName, Synthetic = new() { Classes = Workbench.Classes, TrainImages = Images + 100, TestImages = 20 } },
                Candidates = [candidate],
                Training = new() { Epochs = Epochs, BatchSize = Workbench.BatchSize, ImageSize = Workbench.ImageSize, Validation = 100 },
                Probe = new() { Samples = 64 },
                Selection = new() { Scores = false },
            },
            Candidate = candidate,
            Seed = 1,
            Epochs = Epochs,
            Device = device,
            Attempt = 1,
        };
    }
}
