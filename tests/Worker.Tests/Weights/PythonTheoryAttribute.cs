using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Skipped, with the reason, where Debian's python3-h5py is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> HasH5py = new(() =>
    {
        try
        {
            return Python.Run("-c", "import h5py, numpy").Status == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    public PythonTheoryAttribute()
    {
        if (!HasH5py.Value)
            Skip = $"needs {Python.Path} with h5py and numpy (Debian: python3-h5py)";
    }
}

/// <summary>Debian's Python, which has what the scripts in tools/ need.</summary>
internal static class Python
{
    public const string Path = "/usr/bin/python3";

    /// <summary>Runs it to the end.</summary>
    public static (int Status, string Output, string Errors) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
