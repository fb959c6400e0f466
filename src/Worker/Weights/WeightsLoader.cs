using NeuralCapacitance.Infrastructure.Artifacts;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Gives a backbone its initial weights, as <c>candidates[].weights</c> of a job spec asks.</summary>
public sealed class WeightsLoader(ArtifactStore artifacts)
{
    private const string FilePrefix = "file:";
    private const int NamesShown = 5;

    /// <summary>What networks call the classifier that is cut off here: such tensors of a file have no place in a backbone.</summary>
    private static readonly string[] ClassifierPrefixes = ["fc.", "classifier.", "head."];

    /// <param name="backbone">Freshly initialised; stays so with <c>random</c>.</param>
    /// <param name="weights"><c>random</c>, or <c>file:PATH</c> of a safetensors file.</param>
    /// <returns>Names in the file that belong to the classifier and were left out.</returns>
    /// <exception cref="WeightsException">Another source, a file that is absent or damaged, or tensors that do not fit.</exception>
    public IReadOnlyList<string> Load(nn.Module backbone, string weights)
    {
        if (string.Equals(weights, "random", StringComparison.Ordinal))
        {
            return [];
        }
        if (!weights.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            throw new WeightsException($"Weights '{weights}' are not known; accepted are 'random' and '{FilePrefix}PATH' of a safetensors file.");
        }
        try
        {
            using var reader = SafetensorsReader.Open(artifacts.ResolveWeights(weights[FilePrefix.Length..]));
            return Load(backbone, reader, weights);
        }
        catch (Exception e) when (e is ArgumentException or SafetensorsException)
        {
            throw new WeightsException(e.Message, e);
        }
    }

    internal static IReadOnlyList<string> Load(nn.Module backbone, SafetensorsReader reader, string source)
    {
        var targets = backbone.state_dict();
        var given = reader.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);

        // Counts batches only; files from before PyTorch 0.4.1 lack it.
        var missing = targets.Keys.Where(n => !given.ContainsKey(n) && !n.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToArray();
        var unknown = given.Keys.Where(n => !targets.ContainsKey(n)).ToLookup(IsClassifier);
        var misshapen = targets.Where(t => given.TryGetValue(t.Key, out var entry) && !entry.Shape.SequenceEqual(t.Value.shape))
            .Select(t => $"{t.Key} {Shape(given[t.Key].Shape)} instead of {Shape(t.Value.shape)}").ToArray();
        if (missing.Length + misshapen.Length > 0 || unknown[false].Any())
        {
            throw new WeightsException(
                $"'{source}' does not fit the backbone: {Describe("missing", missing)}{Describe("unexpected", [.. unknown[false]])}{Describe("of another shape", misshapen)}"
                + "save the weights of the same backbone, or choose the backbone that they come from.");
        }

        using var frozen = no_grad();
        foreach (var (name, target) in targets)
        {
            if (given.ContainsKey(name))
            {
                using var scope = NewDisposeScope();
                target.copy_(reader.Read(name));
            }
        }
        return [.. unknown[true].Order(StringComparer.Ordinal)];
    }

    private static bool IsClassifier(string name) => Array.Exists(ClassifierPrefixes, p => name.StartsWith(p, StringComparison.Ordinal));

    private static string Shape(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";

    private static string Describe(string what, string[] names) => names.Length switch
    {
        0 => "",
        <= NamesShown => $"{what}: {string.Join(", ", names)}; ",
        _ => $"{what}: {string.Join(", ", names.Take(NamesShown))} and {names.Length - NamesShown} more; ",
    };
}
