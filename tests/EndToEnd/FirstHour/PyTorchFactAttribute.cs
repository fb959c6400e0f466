using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>Needs Debian's PyTorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasTorch = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    public PyTorchFactAttribute()
    {
        if (!HasTorch.Value) Skip = $"needs {Python} with torch (Debian: python3-torch)";
    }
}
