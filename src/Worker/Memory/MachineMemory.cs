using System.Globalization;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>How much memory the processes here can have.</summary>
internal static class MachineMemory
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>The smaller of the machine's and of the control group's, in bytes; null: the system does not tell.</summary>
    public static long? Total()
    {
        var physical = OperatingSystem.IsLinux() ? Physical("/proc/meminfo") : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var limits = OperatingSystem.IsLinux() ? GroupLimits(ReadLines("/proc/self/cgroup"), Root) : [];
        return limits.Append(physical).Min();
    }

    /// <summary>Of both versions, of the group and of those around it.</summary>
    internal static IEnumerable<long?> GroupLimits(IEnumerable<string> groups, string root)
    {
        foreach (var group in groups.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var (controllers, path) = (group[1], group[2].Trim('/'));
            var (folder, file) = controllers.Length == 0 ? (root, "memory.max") : ($"{root}/memory", "memory.limit_in_bytes");
            if (controllers.Length > 0 && !controllers.Split(',').Contains("memory", StringComparer.Ordinal)) continue;

            // In a container the path may be the host's, and only the root be there.
            for (var at = path; ; at = Path.GetDirectoryName(at) ?? "")
            {
                if (ReadLines(Path.Combine(folder, at, file)).FirstOrDefault() is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)) yield return limit;
                if (at.Length == 0) break;
            }
        }
    }

    internal static long? Physical(string path) => ReadLines(path).FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        && long.TryParse(line["MemTotal:".Length..].Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? 1024 * kilobytes
            : null;

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
