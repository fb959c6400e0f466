namespace NeuralCapacitance.Worker.Hosting;

/// <summary>In a process that computes for another one: when memory runs out the kernel is to end it, and not the service or its database.</summary>
internal static class FirstToGo
{
    /// <summary>Half of the machine's memory is added to its own when the kernel compares processes.</summary>
    private const string Score = "500";

    /// <summary>Systems other than Linux have no such thing.</summary>
    public static void Volunteer()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", Score);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox: the kernel chooses by size alone.
        }
    }
}
