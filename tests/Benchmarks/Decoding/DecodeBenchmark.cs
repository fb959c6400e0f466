using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NeuralCapacitance.Worker.Datasets.Decoding;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Decoding;

/// <summary>
/// Images per second from files to one uint8 batch, beside PIL and torchvision in as many processes as we take threads. The two take turns,
/// a whole set each, so that a busy machine hits both; the median of the rounds' ratios counts.
/// </summary>
internal static class DecodeBenchmark
{
    private static readonly ImageFiles[] Sets =
    [
        new("jpeg-32", 32, "decode32"), new("png-32", 32, "decode32"), new("jpeg-500", 224, "decode224"), new("jpeg-1600", 224, "decode224"),
    ];

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 11 };
        var sets = new Argument<string[]>("sets") { Description = "Which; all where none is named.", DefaultValueFactory = _ => Names };
        sets.AcceptOnlyFromAmong(Names);
        var command = new Command("decode", "Decoding and resizing images/s against PIL and torchvision (Debian's python3-torchvision).") { sets, rounds };
        command.SetAction(arguments => Run(console, [.. Sets.Where(set => arguments.GetValue(sets)!.Contains(set.Name, StringComparer.Ordinal))], arguments.GetValue(threads), arguments.GetValue(rounds)));
        return command;
    }

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static string[] Names => [.. Sets.Select(set => set.Name)];

    private static int Run(IAnsiConsole console, ImageFiles[] sets, int threads, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("nc-bench-");
        try
        {
            using var peer = PythonPeer.Start("bench_decode.py", spins: null, folder.FullName, threads.ToString(CultureInfo.InvariantCulture));
            Compare(console, peer, sets, folder.FullName, threads, rounds);
            return 0;
        }
        catch (InvalidOperationException e)
        {
            console.WriteLine(e.Message);
            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(IAnsiConsole console, PythonPeer peer, ImageFiles[] sets, string folder, int threads, int rounds)
    {
        console.WriteMachine(threads);
        console.MarkupLineInterpolated($"{peer.Version}, {threads} processes. Generated images, files in the page cache; {rounds} rounds.");
        var table = new Table().AddColumns("set", "to", "images", "images/s", "PIL images/s", "ratio");
        var ratios = new List<(ImageFiles Set, double Ratio)>();
        foreach (var set in sets)
        {
            var paths = Directory.GetFiles(Path.Combine(folder, set.Name)).Order(StringComparer.Ordinal).ToArray();
            var timings = Measure(peer, set, paths, threads, rounds);
            var ratio = timings.Select(t => t.Theirs / t.Ours).Median();
            ratios.Add((set, ratio));
            table.AddRow(
                set.Name, Report.Format(set.Size), Report.Format(paths.Length), Rate(timings.Select(t => t.Ours)), Rate(timings.Select(t => t.Theirs)), Report.Format(ratio));

            string Rate(IEnumerable<double> seconds) => Report.Format(paths.Length / seconds.Median());
        }
        console.Write(table);
        console.MarkupLine("decode32 and decode224 are geometric means of their two sets.");
        console.WriteResult(
        [
            .. ratios.GroupBy(r => r.Set.Figure).Select(g => new Figure(g.Key, Math.Exp(g.Average(r => Math.Log(r.Ratio))))),
            .. ratios.Select(r => new Figure(r.Set.Name.Replace('-', '_'), r.Ratio)),
        ]);
    }

    private static List<(double Ours, double Theirs)> Measure(PythonPeer peer, ImageFiles set, string[] paths, int threads, int rounds)
    {
        var batch = new byte[paths.Length * 3 * set.Size * set.Size];
        var command = $"{set.Name} {set.Size}";
        // Until then .NET still compiles what it has found to be in use: of a data set of thousands of files, the first few hundred.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;) Decode();
        peer.Ask(command);
        return [.. Enumerable.Range(0, rounds).Select(_ => (Timing.Of(Decode), peer.Ask(command).Single()))];

        void Decode()
        {
            if (ImageDecoder.Decode(paths, set.Size, threads, batch) is [var fault, ..]) throw new InvalidDataException($"'{paths[fault.Index]}': {fault.Message}");
        }
    }

    /// <param name="Name">Of the folder that tools/bench_decode.py fills.</param>
    /// <param name="Size">Side in pixels that the images are brought to.</param>
    /// <param name="Figure">The one that it counts for.</param>
    private sealed record ImageFiles(string Name, int Size, string Figure);
}
