using System.Diagnostics;
using NeuralCapacitance.Worker.Hosting;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Hosting;

/// <summary>A process has one libtorch for its life: whoever tries another needs another process.</summary>
internal static class LibTorchProcess
{
    /// <summary>Writes the version, 3 as the sum of three ones, and the files of all libraries of libtorch that the process has then; or why it cannot.</summary>
    public static void Run(string folder)
    {
        var options = new TorchOptions { LibraryPath = folder };
        try
        {
            LibTorch.Load(options);
            Console.WriteLine(LibTorch.Version(options));
            Console.WriteLine(ones(3).sum().item<float>());
            foreach (var module in Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Where(module => module.ModuleName.Contains("torch_cpu", StringComparison.Ordinal)))
                Console.WriteLine(module.FileName);
        }
        catch (LibTorchException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    public static async Task<string[]> StartAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(LibTorchProcess).Assembly.Location, "libtorch", folder]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
