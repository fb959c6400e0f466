using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>Whether the process that a lock file names is a server: after a kill or a reboot its number may belong to another program.</summary>
internal static class ServerProcess
{
    private const string Name = "postgres";

    /// <param name="pid">As the lock file has it; null or no number: no process.</param>
    /// <param name="dataFolder">Of the server that is asked for.</param>
    public static bool Runs(string? pid, string dataFolder)
        => int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (OperatingSystem.IsLinux() ? IsListed(number) && WorksIn(number, dataFolder) : IsNamed(number));

    /// <summary>Of whatever cluster: systems other than Linux do not tell where a process works.</summary>
    internal static bool IsNamed(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName == Name;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A zombie is none: where nobody waits for orphans, as in many containers, a killed server stays listed as one.</summary>
    [SupportedOSPlatform("linux")]
    private static bool IsListed(int pid)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status");
        if (!File.Exists(status)) return false;
        var lines = File.ReadAllLines(status);
        return lines[0] == $"Name:\t{Name}" && !lines.Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
    }

    /// <summary>A server works in its data folder. Where the system does not tell (a container without ptrace), it may be this one.</summary>
    [SupportedOSPlatform("linux")]
    private static bool WorksIn(int pid, string dataFolder)
        => new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd")).LinkTarget is not { } folder || folder == RealPath.Of(dataFolder);
}
