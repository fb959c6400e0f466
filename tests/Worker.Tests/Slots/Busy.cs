using System.Diagnostics;

namespace NeuralCapacitance.Worker.Tests.Slots;

internal static class Busy
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Waits until a process has taken so much processor time more.</summary>
    public static void For(int id, TimeSpan time)
    {
        using var process = Process.GetProcessById(id);
        var start = process.TotalProcessorTime;
        SpinWait.SpinUntil(
            () =>
            {
                process.Refresh();
                return process.TotalProcessorTime - start > time;
            },
            Patience).ShouldBeTrue();
    }
}
