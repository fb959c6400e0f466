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
        ["libtorch"] = torch.__version__,
        ["tensor-library"] = TensorLibrary,
        ["threads"] = device.Threads.ToString(CultureInfo.InvariantCulture),
        ["os"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
    };

    /// <summary>Which of the two builds of <c>torch.*</c> this is, and its version.</summary>
    private static string TensorLibrary => $"{Torch.Name} {Torch.Version}";

    private static AssemblyName Torch => typeof(torch).Assembly.GetName();
}
