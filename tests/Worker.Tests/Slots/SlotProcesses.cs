namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>As Linux lists them.</summary>
internal static class SlotProcesses
{
    /// <summary>Those that run, or wait for, trials with this storage root. One that is dead and not yet reaped has no command line and does not count.</summary>
    public static List<int> In(string root)
        => [.. Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => name.All(char.IsAsciiDigit)).Select(int.Parse).Where(id => IsSlot(id, root)).Order()];

    private static bool IsSlot(int id, string root)
    {
        try
        {
            string[] arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return arguments.Length > 2 && arguments[2] == "slot" && arguments.Contains($"--Storage:Root={root}");
        }
        catch (IOException)
        {
            return false; // It has just ended.
        }
    }
}
