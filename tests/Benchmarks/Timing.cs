using System.Diagnostics;

namespace NeuralCapacitance.Benchmarks;

internal static class Timing
{
    /// <summary>Seconds that it takes.</summary>
    public static double Of(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
