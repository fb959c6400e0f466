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
    /// <param name="module">Freshly initialised by <see cref="BackboneCatalogue.Create(string)"/>; stays so with <c>random</c>.</param>
    /// <param name="backbone">Its name.</param>
    /// <param name="weights"><c>random</c>, <c>imagenet</c>, which is downloaded first if need be, <c>file:PATH</c>, or <c>file:PATH#PART</c>.</param>
    /// <exception cref="WeightsException">Another source, a file that is absent or damaged, or tensors that do not fit.</exception>
    /// <exception cref="DownloadException">Published weights are not there and cannot be had.</exception>
    public LoadedWeights Load(nn.Module module, string backbone, string weights, CancellationToken cancellationToken)
    {
        if (string.Equals(weights, "random", StringComparison.Ordinal))
        {
            return LoadedWeights.None;
        }
        using var file = Open(backbone, weights, out var part, cancellationToken);
        return Load(module, backbones.Get(backbone), file, weights, part);
    }

    /// <summary>The classifier that the weights were trained with, which the backbone lost; null: they have none, or none of the usual form.</summary>
    /// <param name="module">The backbone.</param>
    /// <param name="backbone">Its name.</param>
    /// <param name="weights">As there.</param>
    /// <exception cref="WeightsException">As <see cref="Load(nn.Module, string, string, CancellationToken)"/>.</exception>
    /// <exception cref="DownloadException">Likewise.</exception>
    public SourceHead? ReadHead(nn.Module module, string backbone, string weights, CancellationToken cancellationToken)
    {
        if (string.Equals(weights, "random", StringComparison.Ordinal))
        {
            return null;
        }
        using var file = Open(backbone, weights, out var part, cancellationToken);
        return ReadHead(module, backbones.Get(backbone), file, weights, part);
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
        using var file = Open(backbone, weights, out _, cancellationToken);
        return ToldAccuracy.Find(file.Figures);
    }

    internal static LoadedWeights Load(nn.Module module, Backbone backbone, IWeightsFile file, string source, string? part = null)
    {
        var fit = WeightsChoice.Choose(file, part, StateShape.Of(module), backbone, source);
        using var frozen = no_grad();
        foreach (var (name, target) in module.state_dict())
        {
            if (fit.Given.TryGetValue(name, out var entry))
            {
                using var scope = NewDisposeScope();
                target.copy_(fit.Dict.Read(entry.Name));
            }
        }
        return LoadedWeights.Of(fit);
    }

    internal static SourceHead? ReadHead(nn.Module module, Backbone backbone, IWeightsFile file, string source, string? part = null)
    {
        var fit = WeightsChoice.Choose(file, part, StateShape.Of(module), backbone, source);
        if (backbone.Head is null
            || !fit.Given.TryGetValue($"{backbone.Head}.weight", out var weight) || !fit.Given.TryGetValue($"{backbone.Head}.bias", out var bias)
            || weight.Shape is not [var classes, var width] || width != backbone.FeatureWidth || bias.Shape is not [var biases] || biases != classes)
        {
            return null;
        }
        return new SourceHead(Read(weight), Read(bias));

        Tensor Read(WeightsEntry entry)
        {
            using var scope = NewDisposeScope();
            return fit.Dict.Read(entry.Name).to(ScalarType.Float32).DetachFromDisposeScope();
        }
    }

    private IWeightsFile Open(string backbone, string weights, out string? part, CancellationToken cancellationToken)
    {
        try
        {
            (var path, part) = PlaceOf(backbones.Find(backbone)?.Imagenet, weights, cancellationToken);
            return WeightsFile.Open(path);
        }
        catch (Exception e) when (e is ArgumentException or FileNotFoundException or InvalidDataException)
        {
            throw new WeightsException(e.Message, e);
        }
    }

    private FileWeights PlaceOf(PublishedWeights? published, string weights, CancellationToken cancellationToken) => weights switch
    {
        "imagenet" when published is not null => new(store.FetchAsync(published, cancellationToken).GetAwaiter().GetResult(), null),
        _ when weights.StartsWith(CandidateSpec.FilePrefix, StringComparison.Ordinal) => FileWeights.Resolve(weights, store.ResolveWeights),
        _ => throw new WeightsException(
            $"Weights '{weights}' are not known here; accepted are 'random'{(published is null ? "" : ", 'imagenet'")} and '{CandidateSpec.FilePrefix}PATH' of a safetensors, PyTorch or Keras file."),
    };
}
