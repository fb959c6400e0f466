using System.Diagnostics;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>One of the two programs, as it was built.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private ProgramProcess(Process process) => _process = process;

    /// <param name="project">Of src.</param>
    public static ProgramProcess Start(string project, IEnumerable<string> arguments)
    {
        // tests/Benchmarks/bin/CONFIGURATION/FRAMEWORK
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(root, "src", project, "bin", output.Parent.Name, output.Name, $"NeuralCapacitance.{project}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true };
        // A killed process would leave its diagnostics pipe behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new(Process.Start(start)!);
    }

    /// <summary>The line that contains the text; what comes after it is thrown away.</summary>
    public async Task<string> SaysAsync(string text, CancellationToken cancellationToken)
    {
        var told = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            told.Add(line);
            if (!line.Contains(text, StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return line;
        }
        throw new InvalidOperationException($"The program ended and never said '{text}':\n{string.Join('\n', told)}");
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
