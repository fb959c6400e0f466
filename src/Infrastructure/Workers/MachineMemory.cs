using System.Globalization;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>Memory of the machine, or of the container whose limit is lower.</summary>
internal static class MachineMemory
{
    private const string Machine = "/proc/meminfo";
    private const string GroupLimit = "/sys/fs/cgroup/memory.max";
    private const string GroupUse = "/sys/fs/cgroup/memory.current";
    private const string GroupDetails = "/sys/fs/cgroup/memory.stat";

    /// <returns>Null: this system does not tell.</returns>
    public static MemoryUse? Read() => Read(File.Exists, File.ReadAllLines);

    internal static MemoryUse? Read(Func<string, bool> exists, Func<string, string[]> read)
    {
        try
        {
            if (!exists(Machine)) return null;
            var machine = read(Machine);
            if (Field(machine, "MemTotal:") is not { } total || Field(machine, "MemAvailable:") is not { } available) return null;
            var whole = new MemoryUse((total - available) * 1024, total * 1024);
            return OfGroup() is { } group && group.Total < whole.Total ? group : whole;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // What the kernel keeps of files it gives back when somebody needs memory.
        MemoryUse? OfGroup() => exists(GroupLimit) && exists(GroupUse) && Number(read(GroupLimit)) is { } limit && Number(read(GroupUse)) is { } used
            ? new(Math.Max(0, used - (exists(GroupDetails) ? Field(read(GroupDetails), "inactive_file ") ?? 0 : 0)), limit)
            : null;
    }

    private static long? Number(string[] lines)
        => lines.Length > 0 && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Field(string[] lines, string name)
        => Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
}
