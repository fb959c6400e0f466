using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using NeuralCapacitance.Worker.Training;
using TorchSharp;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>What the numbers depend on besides spec and seed.</summary>
internal static class SoftwareVersions
{
    public static IReadOnlyDictionary<string, string> On(ComputeDevice device) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["neural-capacitance"] = typeof(SoftwareVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["libtorch"] = device.LibTorch ?? torch.__version__,
        ["torchsharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
        ["threads"] = device.Threads.ToString(CultureInfo.InvariantCulture),
        ["os"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
    };
}
