using System.CommandLine;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Beta;

/// <summary>
/// c = T_β / T_train: what β_eff costs, in training epochs. T_β is the whole of it (the forward pass of the β subset, the arithmetic).
/// T_train is extrapolated from some steps: every step of an epoch does the same work.
/// </summary>
internal static class BetaBenchmark
{
    /// <summary>The β subset's default size.</summary>
    private const int Samples = 2_000;

    private const int PaperScale = 35_000;
    private const int SmallScale = 10_000;
    private const double Goal = 0.05;

    private static readonly string[] Backbones = ["resnet8", "resnet18", "mobilenetv2"];

    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var steps = new Option<int>("--steps") { Description = "Training steps timed in a round.", DefaultValueFactory = _ => 12 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 5 };
        var command = new Command("beta", "c = T_β / T_train per epoch, and the closed form against autograd.") { steps, rounds };
        command.SetAction(arguments => Run(console, device.Of(arguments), arguments.GetValue(steps), arguments.GetValue(rounds)));
        return command;
    }

    private static void Run(IAnsiConsole console, ComputeDevice device, int steps, int rounds)
    {
        using var bench = new Workbench(Math.Max(Samples, steps * Workbench.BatchSize), device);
        console.WriteMachine(device);
        console.MarkupLineInterpolated(
            $"{Workbench.ImageSize}×{Workbench.ImageSize} images, batch {Workbench.BatchSize}, Adam, β on {Samples} images, default probe. An epoch's time is extrapolated from {steps} steps; medians of {rounds} rounds.");
        var table = new Table().AddColumns("backbone", "step ms", "β s", $"epoch s, {PaperScale} images", $"c, {PaperScale} images", $"c, {SmallScale} images");
        var costs = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var backbone in Backbones)
        {
            var (step, beta, ratio) = Measure(bench, backbone, steps, rounds);
            costs[backbone] = ratio;
            table.AddRow(
                backbone, Report.Format(step * 1e3), Report.Format(beta), Report.Format(step * StepsOf(PaperScale)),
                Report.Format(ratio / StepsOf(PaperScale)), Report.Format(ratio / StepsOf(SmallScale)));
        }
        console.Write(table);
        console.MarkupLineInterpolated($"Goal: c at most {Goal} with {PaperScale} images. The paper's own code: about 1.3.");
        var comparison = ClosedFormComparison.Run(console);
        console.WriteResult(
        [
            .. costs.Select(cost => new Figure($"c_{cost.Key}", cost.Value / StepsOf(PaperScale))),
            .. costs.Select(cost => new Figure($"c10k_{cost.Key}", cost.Value / StepsOf(SmallScale))),
            .. comparison,
        ]);
    }

    /// <summary>Seconds of a training step, of β_eff, and the median over rounds of their ratio: each round times both, so that a busy machine slows down both.</summary>
    private static (double Step, double Beta, double Ratio) Measure(Workbench bench, string backbone, int steps, int rounds)
    {
        using var tuning = bench.FineTuning(backbone);
        int[] training = [.. Enumerable.Range(0, steps * Workbench.BatchSize)];
        int[] subset = [.. Enumerable.Range(0, Samples)];
        tuning.Train(bench.Images, training.AsSpan(0, 2 * Workbench.BatchSize), CancellationToken.None);
        var timings = Enumerable.Range(0, rounds).Select(_ => Round(bench, tuning, training, subset, steps)).ToList();
        return (timings.Select(t => t.Step).Median(), timings.Select(t => t.Beta).Median(), timings.Select(t => t.Beta / t.Step).Median());
    }

    private static (double Step, double Beta) Round(Workbench bench, FineTuning tuning, int[] training, int[] subset, int steps)
    {
        var train = Timing.Of(() => tuning.Train(bench.Images, training, CancellationToken.None));
        var beta = Timing.Of(() => tuning.MeasureBetaEff(bench.Images, subset, CancellationToken.None));
        return (train / steps, beta);
    }

    private static int StepsOf(int images) => (images + Workbench.BatchSize - 1) / Workbench.BatchSize;
}
