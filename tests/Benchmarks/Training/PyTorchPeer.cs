using System.Diagnostics;
using System.Globalization;

namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>tools/bench_training.py as a process that trains on command: one line in, one line out.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    /// <summary>Debian's own interpreter: the one that python3-torch belongs to.</summary>
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private PyTorchPeer(Process process) => _process = process;

    /// <exception cref="InvalidOperationException">PyTorch or torchvision is not there; says what to install.</exception>
    public static PyTorchPeer Start(int threads)
    {
        var info = new ProcessStartInfo(Python, [Script(), "--threads", threads.ToString(CultureInfo.InvariantCulture)])
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

    /// <summary>So many training steps of the case's backbone, with its weights and images in <c>channels_last</c> or not.</summary>
    public Seconds Train(TrainingCase @case, int steps, bool channelsLast)
    {
        var layout = channelsLast ? "channels_last" : "contiguous_format";
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{@case.Backbone} {layout} {@case.ImageSize} {@case.BatchSize} {steps}"));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("tools/bench_training.py ended early; its error is above.");
        var seconds = Array.ConvertAll(answer.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
        return new(seconds[0], seconds[1]);
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
}
