using System.Diagnostics;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Tests.Datasets.Cache;

/// <summary>Another process at work on a cache folder; killed with SIGKILL when it is disposed of.</summary>
internal sealed class CacheProcess : IDisposable
{
    public const string Ready = "ready";
    public const int Size = 8;

    private readonly Process process;

    private CacheProcess(Process process) => this.process = process;

    /// <summary>Returns when the process is in the middle of what it was told to do.</summary>
    public static async Task<CacheProcess> StartAsync(string task, string root)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { typeof(CacheProcess).Assembly.Location, task, root },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var started = new CacheProcess(Process.Start(start)!);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        (await started.process.StandardOutput.ReadLineAsync(deadline.Token)).ShouldBe(Ready);
        return started;
    }

    /// <summary>What the process does, and what those who come after it want.</summary>
    public static ImageCache Open(string root, Action during)
        => CountingSource.Store(root).OpenOrBuild(new CountingSource { During = during }, Size, _ => { }, default);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
