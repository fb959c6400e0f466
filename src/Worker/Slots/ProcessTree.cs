using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.Slots;

internal static class ProcessTree
{
    /// <summary>Ends a process and all that it has started; one that has ended already is none of an error.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended, or one of its own has.
        }
    }
}
