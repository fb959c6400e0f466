using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Weights.Keras;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Gives a backbone its initial weights, as <c>candidates[].weights</c> of a job spec asks.</summary>
public sealed class WeightsLoader(WeightsStore store, BackboneCatalogue backbones)
{
    private const int NamesShown = 5;

    /// <summary>What networks call the classifier, for backbones that nobody published: such tensors of a file have no place in a backbone.</summary>
    private static readonly string[] ClassifierPrefixes = ["fc.", "classifier.", "head."];

    /// <param name="module">Freshly initialised by <see cref="BackboneCatalogue.Create(string)"/>; stays so with <c>random</c>.</param>
    /// <param name="backbone">Its name.</param>
    /// <param name="weights"><c>random</c>, <c>imagenet</c>, which is downloaded first if need be, or <c>file:PATH</c>.</param>
    /// <exception cref="WeightsException">Another source, a file that is absent or damaged, or tensors that do not fit.</exception>
    /// <exception cref="DownloadException">Published weights are not there and cannot be had.</exception>
    /// <returns>Sorted names of the file's tensors that have no place in the backbone, its classifier's among them.</returns>
    public IReadOnlyList<string> Load(nn.Module module, string backbone, string weights, CancellationToken cancellationToken)
    {
        if (string.Equals(weights, "random", StringComparison.Ordinal))
        {
            return [];
        }
        using var file = Open(backbone, weights, cancellationToken);
        return Load(module, backbones.Get(backbone), file, weights);
    }

    /// <summary>The classifier that the weights were trained with, which the backbone lost; null: they have none, or none of the usual form.</summary>
    /// <exception cref="WeightsException">As <see cref="Load(nn.Module, string, string, CancellationToken)"/>.</exception>
    /// <exception cref="DownloadException">Likewise.</exception>
    public SourceHead? ReadHead(string backbone, string weights, CancellationToken cancellationToken)
    {
        if (string.Equals(weights, "random", StringComparison.Ordinal))
        {
            return null;
        }
        using var file = Open(backbone, weights, cancellationToken);
        return ReadHead(backbones.Get(backbone), file, weights);
    }

    /// <summary>
    /// What the network that the weights come from reached on its own data, in [0, 1]: of <c>imagenet</c> as published, of a file as it tells
    /// (<see cref="ToldAccuracy"/>). Null: it is random, or the file tells none.
    /// </summary>
    /// <exception cref="WeightsException">As <see cref="Load(nn.Module, string, string, CancellationToken)"/>.</exception>
    public double? SourceAccuracy(string backbone, string weights, CancellationToken cancellationToken)
    {
        if (string.Equals(weights, BackboneInfo.RandomKind, StringComparison.Ordinal))
        {
            return null;
        }
        if (string.Equals(weights, BackboneInfo.PublishedKind, StringComparison.Ordinal) && backbones.Find(backbone)?.Imagenet is { } published)
        {
            return published.Top1Accuracy;
        }
        using var file = Open(backbone, weights, cancellationToken);
        return ToldAccuracy.Find(file.Figures);
    }

    internal static IReadOnlyList<string> Load(nn.Module module, Backbone backbone, IWeightsFile file, string source)
    {
        var targets = module.state_dict();
        var given = KerasNumbers.Named(ParameterNames.Of(file.Entries, source), targets.Keys);

        // Counts batches only; files from before PyTorch 0.4.1 lack it.
        var missing = targets.Keys.Where(n => !given.ContainsKey(n) && !n.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToArray();
        var unknown = given.Keys.Where(n => !targets.ContainsKey(n)).ToLookup(n => HasNoPlace(backbone, n));
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
            if (given.TryGetValue(name, out var entry))
            {
                using var scope = NewDisposeScope();
                target.copy_(file.Read(entry.Name));
            }
        }
        return [.. unknown[true].Order(StringComparer.Ordinal)];
    }

    internal static SourceHead? ReadHead(Backbone backbone, IWeightsFile file, string source)
    {
        var given = ParameterNames.Of(file.Entries, source);
        if (backbone.Head is null
            || !given.TryGetValue($"{backbone.Head}.weight", out var weight) || !given.TryGetValue($"{backbone.Head}.bias", out var bias)
            || weight.Shape is not [var classes, var width] || width != backbone.FeatureWidth || bias.Shape is not [var biases] || biases != classes)
        {
            return null;
        }
        return new SourceHead(Read(weight), Read(bias));

        Tensor Read(WeightsEntry entry)
        {
            using var scope = NewDisposeScope();
            return file.Read(entry.Name).to(ScalarType.Float32).DetachFromDisposeScope();
        }
    }

    private static bool HasNoPlace(Backbone backbone, string name)
        => (backbone.Head is { } head ? name.StartsWith($"{head}.", StringComparison.Ordinal) : StartsWithAny(name, ClassifierPrefixes))
            || StartsWithAny(name, backbone.Ignored);

    private static bool StartsWithAny(string name, IReadOnlyList<string> prefixes) => prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));

    private IWeightsFile Open(string backbone, string weights, CancellationToken cancellationToken)
    {
        try
        {
            return WeightsFile.Open(PathOf(backbones.Find(backbone)?.Imagenet, weights, cancellationToken));
        }
        catch (Exception e) when (e is ArgumentException or FileNotFoundException or InvalidDataException)
        {
            throw new WeightsException(e.Message, e);
        }
    }

    private string PathOf(PublishedWeights? published, string weights, CancellationToken cancellationToken) => weights switch
    {
        "imagenet" when published is not null => store.FetchAsync(published, cancellationToken).GetAwaiter().GetResult(),
        _ when weights.StartsWith(CandidateSpec.FilePrefix, StringComparison.Ordinal) => store.ResolveWeights(weights[CandidateSpec.FilePrefix.Length..]),
        _ => throw new WeightsException(
            $"Weights '{weights}' are not known here; accepted are 'random'{(published is null ? "" : ", 'imagenet'")} and '{CandidateSpec.FilePrefix}PATH' of a safetensors, PyTorch or Keras file."),
    };

    private static string Shape(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";

    private static string Describe(string what, string[] names) => names.Length switch
    {
        0 => "",
        <= NamesShown => $"{what}: {string.Join(", ", names)}; ",
        _ => $"{what}: {string.Join(", ", names.Take(NamesShown))} and {names.Length - NamesShown} more; ",
    };
}
