using System.Globalization;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>The most memory that this process has had resident, as Linux counts it.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";
    private const string ResetFile = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>Makes what is resident now the peak.</summary>
    /// <returns>Bytes resident now; null where the system does not tell, or does not let us.</returns>
    public static long? Reset()
    {
        try
        {
            File.WriteAllText(ResetFile, ResetPeak);
            return Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Another system, or a sandbox.
        }
    }

    /// <summary>Bytes since <see cref="Reset"/>; call it only where that had an answer.</summary>
    public static long Read()
    {
        const string field = "VmHWM:";
        var line = File.ReadLines(Status).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>The peak of some work; null where the system does not tell.</summary>
    public static long? Of(Action work)
    {
        var resident = Reset();
        work();
        return resident is null ? null : Read();
    }
}
