using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Names of a file's tensors as today's networks have them.</summary>
internal static partial class ParameterNames
{
    /// <summary>What <c>torch.nn.DataParallel</c> puts before every name.</summary>
    private const string ParallelPrefix = "module.";

    /// <summary>The file's tensors by their names of today.</summary>
    /// <exception cref="WeightsException">Two tensors have the same.</exception>
    public static Dictionary<string, WeightsEntry> Of(IReadOnlyList<WeightsEntry> entries, string source)
    {
        var isParallel = entries.Count > 0 && entries.All(e => e.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal));
        var named = new Dictionary<string, WeightsEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var name = Today(isParallel ? entry.Name[ParallelPrefix.Length..] : entry.Name);
            if (!named.TryAdd(name, entry))
            {
                throw new WeightsException($"'{source}' has two tensors for '{name}': '{named[name].Name}' and '{entry.Name}'.");
            }
        }
        return named;
    }

    /// <summary>torchvision's DenseNets were published before module names lost their dots, and are renamed there in the same way.</summary>
    private static string Today(string name) => DenseLayer().Replace(name, "${layer}${member}");

    [GeneratedRegex(@"^(?<layer>.*denselayer\d+\.(norm|relu|conv))\.(?<member>[12]\.(weight|bias|running_mean|running_var))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DenseLayer();
}
