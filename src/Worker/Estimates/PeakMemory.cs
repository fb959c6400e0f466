using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>The most memory that this process has had resident.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";
    private const string ResetFile = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>Gives back what native code has freed, and makes what is resident then the peak. Systems other than Linux keep the peak since the process began, which is no less.</summary>
    /// <returns>Bytes resident now; null where the system does not tell, or does not let us.</returns>
    public static long? Reset()
    {
        try
        {
            return OperatingSystem.IsLinux() ? ResetOnLinux() : ResidentNow();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // A sandbox.
        }
    }

    /// <summary>Bytes since <see cref="Reset"/>; call it only where that had an answer.</summary>
    public static long Read() => OperatingSystem.IsLinux() ? ReadOnLinux() : SinceStart()!.Value;

    /// <summary>The peak of some work; null where the system does not tell.</summary>
    public static long? Of(Action work)
    {
        var resident = Reset();
        work();
        return resident is null ? null : Read();
    }

    /// <summary>As <see cref="Reset"/> answers; null on macOS, where .NET knows of no peak.</summary>
    internal static long? ResidentNow() => SinceStart() is null ? null : Environment.WorkingSet;

    /// <summary>The peak since the process began; null where .NET knows of none.</summary>
    internal static long? SinceStart()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 is var peak and > 0 ? peak : null;
    }

    [SupportedOSPlatform("linux")]
    private static long ResetOnLinux()
    {
        FreedMemory.GiveBack();
        File.WriteAllText(ResetFile, ResetPeak);
        return ReadOnLinux();
    }

    [SupportedOSPlatform("linux")]
    private static long ReadOnLinux()
    {
        const string field = "VmHWM:";
        var line = File.ReadLines(Status).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }
}
