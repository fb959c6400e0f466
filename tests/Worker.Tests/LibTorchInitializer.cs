using System.Runtime.CompilerServices;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Tests;

/// <summary>Tests use tensors without a host that would load libtorch for them.</summary>
internal static class LibTorchInitializer
{
    [ModuleInitializer]
    internal static void Load()
    {
        if (Environment.GetCommandLineArgs() is not [_, "libtorch", ..]) LibTorch.Load(new TorchOptions());
    }
}
