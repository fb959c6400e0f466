using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Skipped, with the reason, where Debian's python3-h5py is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> HasH5py = new(() => Python.Has("h5py", "numpy"));

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

    /// <summary>Whether it is there, and these modules with it.</summary>
    public static bool Has(params string[] modules)
    {
        try
        {
            return Run("-c", $"import {string.Join(", ", modules)}").Status == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

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
