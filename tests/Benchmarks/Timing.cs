using System.Diagnostics;

namespace NeuralCapacitance.Benchmarks;

internal sealed record Seconds(double Elapsed, double Processor);

internal static class Timing
{
    /// <summary>Seconds that it takes, on the clock and of the processor in all threads of this process.</summary>
    public static Seconds OfBoth(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        var elapsed = Of(action);
        return new(elapsed, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    /// <summary>Seconds that it takes.</summary>
    public static double Of(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
