using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>
/// Layers that Keras leaves unnamed: it numbers them in the order of their creation, over all networks that a program has made, wherever that starts.
/// It is the order of our networks' state.
/// </summary>
internal static partial class KerasNumbers
{
    /// <summary>The same tensors, numbered ones under the names of the layers of the network that no other name belongs to.</summary>
    /// <param name="given">The file's tensors by name.</param>
    /// <param name="targets">Names of the network's state, in its order.</param>
    /// <returns>Without a change to a kind of layers of which the file has more, or fewer, than the network.</returns>
    public static IReadOnlyDictionary<string, WeightsEntry> Named(IReadOnlyDictionary<string, WeightsEntry> given, IEnumerable<string> targets)
    {
        var numbered = given.Keys.Select(name => Numbered().Match(name)).Where(match => match.Success).Select(match => match.Groups["layer"].Value).ToHashSet(StringComparer.Ordinal);
        if (numbered.Count == 0)
        {
            return given;
        }
        var named = given.Keys.Select(LayerOf).ToHashSet(StringComparer.Ordinal);
        string[] state = [.. targets];
        string[] free = [.. state.Select(LayerOf).Distinct(StringComparer.Ordinal).Where(layer => !named.Contains(layer))];
        var norms = state.Where(name => name.EndsWith(".running_mean", StringComparison.Ordinal)).Select(LayerOf).ToHashSet(StringComparer.Ordinal);
        var renamed = Paired(numbered.Where(layer => !IsNorm(layer)), free.Where(layer => !norms.Contains(layer)))
            .Concat(Paired(numbered.Where(IsNorm), free.Where(norms.Contains)))
            .ToDictionary(StringComparer.Ordinal);
        return given.ToDictionary(
            entry => renamed.TryGetValue(LayerOf(entry.Key), out var layer) ? $"{layer}{entry.Key[LayerOf(entry.Key).Length..]}" : entry.Key, entry => entry.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<(string Theirs, string Ours)> Paired(IEnumerable<string> theirs, IEnumerable<string> ours)
    {
        string[] sorted = [.. theirs.OrderBy(NumberOf)];
        string[] ordered = [.. ours];
        return sorted.Length == ordered.Length ? sorted.Zip(ordered) : [];
    }

    private static string LayerOf(string name) => name[..Math.Max(0, name.LastIndexOf('.'))];

    private static bool IsNorm(string layer) => layer.StartsWith("batch", StringComparison.Ordinal);

    /// <summary>The first one has none.</summary>
    private static int NumberOf(string layer) => int.TryParse(layer.AsSpan(layer.LastIndexOf('_') + 1), CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Before Keras 2 their kinds were called otherwise.</summary>
    [GeneratedRegex(@"^(?<layer>(conv2d|convolution2d|batch_normalization|batchnormalization)(_\d{1,9})?)\.\w+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbered();
}
