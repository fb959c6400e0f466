using System.CommandLine;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>Images per second of fine-tuning in each <see cref="MemoryLayout"/>: what the product's choice rests on. The layouts take turns within a round.</summary>
internal static class LayoutBenchmark
{
    private static readonly MemoryLayout[] Layouts = [new(false, false), new(true, false), new(false, true), new(true, true)];

    public static Command Command(IAnsiConsole console, DeviceOptions device)
    {
        var backbones = new Argument<string[]>("backbones") { Description = "Which; all where none is named.", DefaultValueFactory = _ => Names };
        backbones.AcceptOnlyFromAmong(Names);
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 5 };
        var command = new Command("layouts", "Images/s with images and weights channels-last or not.") { backbones, rounds, TrainingBenchmark.ProcessorTime };
        command.SetAction(arguments => Run(console, device.Of(arguments), arguments.GetValue(backbones)!, arguments.GetValue(rounds), TrainingBenchmark.ClockOf(arguments)));
        return command;
    }

    private static string[] Names => [.. TrainingCase.All.Concat(TrainingCase.OfOtherFamilies).Select(@case => @case.Backbone)];

    private static void Run(IAnsiConsole console, ComputeDevice device, string[] backbones, int rounds, Func<Seconds, double> clock)
    {
        console.WriteMachine(device);
        console.MarkupLineInterpolated($"Images/s, default probe, Adam, medians of {rounds} rounds. Channels last: nothing, images, weights, both.");
        var table = new Table().AddColumns("backbone", "images", "none", "images last", "weights last", "both", "the product's");
        var figures = new List<Figure>();
        foreach (var @case in TrainingCase.All.Concat(TrainingCase.OfOtherFamilies).Where(@case => backbones.Contains(@case.Backbone, StringComparer.Ordinal)))
        {
            using var bench = new Workbench(@case.Steps * @case.BatchSize, device, @case.ImageSize, @case.BatchSize);
            var rates = Measure(bench, @case, rounds, clock);
            var chosen = Array.IndexOf(Layouts, bench.LayoutOf(@case.Backbone));
            table.AddRow([@case.Backbone, $"{@case.BatchSize} of {@case.ImageSize} px", .. rates.Select(Report.Format), Report.Format(rates[chosen] / rates.Max())]);
            figures.Add(new($"chosen_{@case.Backbone}", rates[chosen] / rates.Max()));
        }
        console.Write(table);
        console.WriteResult(figures);
    }

    private static double[] Measure(Workbench bench, TrainingCase @case, int rounds, Func<Seconds, double> clock)
    {
        var tunings = Array.ConvertAll(Layouts, layout => bench.FineTuning(@case.Backbone, layout));
        int[] order = [.. Enumerable.Range(0, @case.Steps * @case.BatchSize)];
        foreach (var tuning in tunings) tuning.Train(bench.Images, order.AsSpan(0, Math.Min(2, @case.Steps) * @case.BatchSize), CancellationToken.None);
        var seconds = Enumerable.Range(0, rounds)
            .Select(_ => Array.ConvertAll(tunings, tuning => clock(Timing.OfBoth(() => tuning.Train(bench.Images, order, CancellationToken.None))))).ToList();
        foreach (var tuning in tunings) tuning.Dispose();
        return [.. Enumerable.Range(0, Layouts.Length).Select(layout => order.Length / seconds.Select(round => round[layout]).Median())];
    }
}
