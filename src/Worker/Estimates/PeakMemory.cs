using System.Globalization;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>The most memory that this process has had resident, as Linux counts it.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";
    private const string ResetPeak = "5";

    /// <summary>Makes what is resident now the peak. Does nothing on other systems.</summary>
    public static void Reset()
    {
        if (File.Exists(Status)) File.WriteAllText("/proc/self/clear_refs", ResetPeak);
    }

    /// <summary>Bytes; null on other systems.</summary>
    public static long? Read()
    {
        const string field = "VmHWM:";
        if (!File.Exists(Status)) return null;
        var line = File.ReadLines(Status).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }
}
