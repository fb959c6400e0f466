using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Fuzz;

/// <summary>Damaged inputs for as long as one likes; ends with 1 where one was met with anything but a reading or a refusal within a second.</summary>
internal static class FuzzBenchmark
{
    private const int Batch = 500;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(1);

    public static Command Command(IAnsiConsole console)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "Of the damage.", DefaultValueFactory = _ => 1 };
        var command = new Command("fuzz", "Damaged images, archives, folders, weights and specs: crashes, hangs over a second, what is refused.") { minutes, seed };
        command.SetAction(arguments => Run(console, TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed)));
        return command;
    }

    private static int Run(IAnsiConsole console, TimeSpan time, int seed)
    {
        using var fuzzing = new Fuzzing(seed);
        var counts = new List<FuzzCount>();
        for (var start = Stopwatch.GetTimestamp(); counts.Count == 0 || Stopwatch.GetElapsedTime(start) < time;) counts.AddRange(fuzzing.Run(Batch));
        foreach (var reader in counts.GroupBy(count => count.Reader))
            console.WriteLine($"{reader.Key}: {reader.Sum(c => c.Inputs)} inputs, {reader.Sum(c => c.Refused)} refused, slowest {reader.Max(c => c.Slowest).TotalMilliseconds:0} ms");
        foreach (var crash in counts.SelectMany(count => count.Crashes)) console.WriteLine(crash);
        var (crashes, hangs) = (counts.Sum(count => count.Crashes.Count), counts.Count(count => count.Slowest > Hang));
        console.WriteResult([new("inputs", counts.Sum(c => c.Inputs)), new("crashes", crashes), new("hangs", hangs)]);
        return crashes + hangs == 0 ? 0 : 1;
    }
}
