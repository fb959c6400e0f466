using System.Globalization;
using NeuralCapacitance.Worker.Training;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks;

/// <summary>A figure of the RESULT line.</summary>
internal readonly record struct Figure(string Name, double Value);

internal static class Report
{
    /// <summary>What the figures depend on besides the code.</summary>
    public static void WriteMachine(this IAnsiConsole console, ComputeDevice device) => console.MarkupLineInterpolated(
        $"libtorch {device.LibTorch ?? "none"}, {device.Name}, {device.Threads} of {Environment.ProcessorCount} cores, load average {LoadAverage()}");

    /// <inheritdoc cref="WriteMachine(IAnsiConsole, ComputeDevice)"/>
    public static void WriteMachine(this IAnsiConsole console, int threads) => console.WriteMachine(new ComputeDevice("cpu", threads));

    /// <summary>The last line of a benchmark: <c>RESULT name=value …</c>, four significant digits.</summary>
    public static void WriteResult(this IAnsiConsole console, IEnumerable<Figure> figures)
        => console.WriteLine("RESULT " + string.Join(' ', figures.Select(figure => $"{figure.Name}={Format(figure.Value)}")));

    public static string Format(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Other people's processes make single timings worthless; a median of rounds stands a few of them.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("The median of no values is undefined.", nameof(values))
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
