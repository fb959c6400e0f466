using System.Collections.Concurrent;
using System.Diagnostics;

namespace NeuralCapacitance.EndToEnd.Processes;

/// <summary>One of our programs in a process of its own. Whatever state it is in, it is gone after disposal.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private ServiceProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string Output => string.Join('\n', _lines);

    /// <param name="project">Of src.</param>
    /// <param name="settings">As environment variables: <c>Section__Key</c>.</param>
    public static ServiceProcess Start(
        string name, string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string workingDirectory)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program(project), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        return new(name, Process.Start(start)!);
    }

    public void Send(Signal signal) => Signals.Send(Id, signal);

    /// <summary>Waits for a line that contains the text, said before or after the call.</summary>
    public async Task<string> SaysAsync(string text)
    {
        var (line, _) = await Eventually.Async($"{Name} to say '{text}'", () => Task.FromResult((Line: Find(text), Ended: HasEnded)), now => now.Line is not null || now.Ended, () => Output);
        return line ?? Find(text) ?? throw new InvalidOperationException($"{Name} ended with exit code {await EndsAsync()} and never said '{text}':\n{Output}");
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndsAsync()
    {
        await Eventually.Async($"{Name} to end", () => Task.FromResult(HasEnded), ended => ended, () => Output);
        // Reads the output to its end.
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded) await KillAsync();
        _process.Dispose();
    }

    private string? Find(string text) => _lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));

    private void Keep(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
