using System.CommandLine;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Benchmarks;

/// <summary>Where a benchmark computes: <c>--device</c> and <c>--threads</c>.</summary>
internal sealed record DeviceOptions(Option<string> Device, Option<int> Threads)
{
    /// <summary>With the libtorch that <c>Torch__LibraryPath</c> names, as the product takes it from the environment.</summary>
    public ComputeDevice Of(ParseResult arguments)
    {
        var torch = new TorchOptions { LibraryPath = Environment.GetEnvironmentVariable("Torch__LibraryPath") };
        LibTorch.Load(torch);
        return ComputeDevice.Choose(arguments.GetValue(Device)!, arguments.GetValue(Threads)) with { LibTorch = LibTorch.Version(torch) };
    }
}
