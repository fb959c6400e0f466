using System.CommandLine;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;
using static TorchSharp.torch;

namespace NeuralCapacitance.Benchmarks.Ops;

/// <summary>What one call of a tensor operation costs when there is nearly nothing to compute: the way from C# to ATen and back.</summary>
internal static class OpsBenchmark
{
    private const int Calls = 20_000;
    private const int Rounds = 25;
    private const double Goal = 2.0;

    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var command = new Command("ops", "µs per call of a small tensor operation.");
        command.SetAction(arguments => Run(console, device.Of(arguments)));
        return command;
    }

    private static void Run(IAnsiConsole console, ComputeDevice device)
    {
        device.Enter();
        console.WriteMachine(device);
        console.MarkupLineInterpolated($"Tensors of 4 floats, {Calls} calls a round, median and least of {Rounds} rounds, results disposed of one by one.");
        using var frozen = no_grad();
        using var a = ones(4, device: device.Torch);
        using var b = ones(4, device: device.Torch);
        (string Name, Action Call)[] operations =
        [
            ("add", () => a.add(b).Dispose()),
            ("relu", () => a.relu().Dispose()),
            ("view", () => a.view(2, 2).Dispose()),
            ("sum", () => a.sum().Dispose()),
        ];
        var table = new Table().AddColumns("operation", "median µs", "least µs");
        var figures = new List<Figure>();
        foreach (var (name, call) in operations)
        {
            var rounds = Measure(call);
            table.AddRow(name, Report.Format(rounds.Median()), Report.Format(rounds.Min()));
            figures.Add(new($"{name}_us", rounds.Median()));
        }
        console.Write(table);
        console.MarkupLineInterpolated($"Goal: add_us at most {Goal}.");
        console.WriteResult(figures);
    }

    private static List<double> Measure(Action call)
    {
        Repeat(call);
        return [.. Enumerable.Range(0, Rounds).Select(_ => Timing.Of(() => Repeat(call)) / Calls * 1e6)];
    }

    private static void Repeat(Action call)
    {
        for (var i = 0; i < Calls; i++) call();
    }
}
