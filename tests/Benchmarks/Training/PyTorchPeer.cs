using System.Diagnostics;
using System.Globalization;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>tools/bench_training.py as a process that trains on command: one line in (<c>NAME STEPS</c>), one line out (seconds).</summary>
internal sealed class PyTorchPeer : IDisposable
{
    /// <summary>Debian's own interpreter: the one that python3-torch belongs to.</summary>
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private PyTorchPeer(Process process) => _process = process;

    /// <exception cref="InvalidOperationException">PyTorch or torchvision is not there; says what to install.</exception>
    public static PyTorchPeer Start(int threads)
    {
        var info = new ProcessStartInfo(
            Python, [Script(), "--threads", Text(threads), "--batch", Text(Workbench.BatchSize), "--size", Text(Workbench.ImageSize)])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        if (!File.Exists(Python)) throw new InvalidOperationException(Missing);
        var peer = new PyTorchPeer(Process.Start(info)!);
        if (peer._process.StandardOutput.ReadLine() is not { } version)
        {
            peer.Dispose();
            throw new InvalidOperationException(Missing);
        }
        peer.Version = version;
        return peer;
    }

    private static string Missing => $"{Python} cannot import torch and torchvision. As root: apt-get install python3-torch python3-torchvision";

    public string Version { get; private set; } = "";

    /// <summary>Seconds for so many training steps.</summary>
    public double Train(string backbone, int steps)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{backbone} {steps}"));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("tools/bench_training.py ended early; its error is above.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tools", "bench_training.py");
            if (File.Exists(script)) return script;
        }
        throw new FileNotFoundException("tools/bench_training.py is not above the benchmark's folder; run it from a working copy.");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
