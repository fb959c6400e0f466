using System.Diagnostics;
using System.Globalization;

namespace NeuralCapacitance.Benchmarks;

/// <summary>A script of <c>tools/</c> as a process that works on command: one line in, one line out.</summary>
internal sealed class PythonPeer : IDisposable
{
    /// <summary>Debian's own interpreter, the one that python3-torch belongs to, unless <c>PYTHON</c> names another: with a PyTorch for the GPU, say.</summary>
    private static readonly string Python = Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } python ? python : "/usr/bin/python3";

    private static readonly string Missing = $"{Python} cannot import torch and torchvision. As root: apt-get install python3-torch python3-torchvision";

    private readonly string _script;
    private readonly Process _process;

    private PythonPeer(string script, Process process)
    {
        _script = script;
        _process = process;
    }

    /// <summary>What it is, from its first line.</summary>
    public string Version { get; private set; } = "";

    /// <summary>It runs as it comes: without the settings of <c>scripts/environment</c>, which are this product's own.</summary>
    /// <param name="script">File name in <c>tools/</c>. It says its version once it is ready.</param>
    /// <param name="spins">Turns that its threads wait for each other before they sleep; null: as its library has it.</param>
    /// <exception cref="InvalidOperationException">PyTorch or torchvision is not there; says what to install.</exception>
    public static PythonPeer Start(string script, int? spins, params string[] arguments)
    {
        var info = new ProcessStartInfo(Python, [PathOf(script), .. arguments])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        info.Environment["GOMP_SPINCOUNT"] = spins?.ToString(CultureInfo.InvariantCulture);
        if (Path.IsPathRooted(Python) && !File.Exists(Python)) throw new InvalidOperationException(Missing);
        var peer = new PythonPeer(script, Process.Start(info)!);
        if (peer._process.StandardOutput.ReadLine() is not { } version)
        {
            peer.Dispose();
            throw new InvalidOperationException(Missing);
        }
        peer.Version = version;
        return peer;
    }

    /// <summary>The numbers that it answers with.</summary>
    public double[] Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"tools/{_script} ended early; its error is above.");
        return Array.ConvertAll(answer.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string PathOf(string script)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tools", script);
            if (File.Exists(path)) return path;
        }
        throw new FileNotFoundException($"tools/{script} is not above the benchmark's folder; run it from a working copy.");
    }
}
