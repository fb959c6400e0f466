using System.Globalization;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>The kernel's own count of the processes that it has ended for lack of memory.</summary>
internal static class KernelKills
{
    private const string Key = "oom_kill ";

    /// <summary>Control groups of both versions, where this process sees its own as the root (in a container it does), and the whole machine.</summary>
    private static readonly string[] Counters = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control", "/proc/vmstat"];

    /// <summary>Greater than before when it has ended one since; null: this system does not count, or not for us.</summary>
    public static long? Count() => Counters.Select(Read).Aggregate((a, b) => a is null ? b : a + (b ?? 0));

    /// <summary>Whether one was ended since; null: nobody knows.</summary>
    public static bool? Since(long? count) => Count() is { } now && count is { } then ? now > then : null;

    internal static long? Read(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
                ? long.Parse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
