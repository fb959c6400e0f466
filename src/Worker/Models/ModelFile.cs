using NeuralCapacitance.Worker.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Models;

/// <summary>Names of the tensors of a whole model: the backbone's own, and the head's behind the name that the published network gives its classifier.</summary>
internal static class ModelFile
{
    /// <summary>Of the classifier of a backbone that nobody published. <see cref="Weights.WeightsLoader"/> knows it for a classifier's.</summary>
    public const string OwnHead = "head";

    /// <summary>How the probe calls the sequence of its layers; it says nothing, so files leave it out.</summary>
    private const string ProbeLayers = "layers.";

    /// <summary>Where the head hangs: <c>fc</c>, <c>classifier.6</c>, …</summary>
    public static string HeadName(BackboneCatalogue backbones, string backbone)
        => backbones.Find(backbone) is null ? OwnHead : backbones.Get(backbone).Head ?? OwnHead;

    /// <summary>Parameters and buffers; a linear head's are called as torchvision calls its classifier's.</summary>
    public static IReadOnlyDictionary<string, Tensor> Tensors(Module<Tensor, Tensor> backbone, Module<Tensor, Tensor> head, string headName)
    {
        var tensors = new Dictionary<string, Tensor>(backbone.state_dict(), StringComparer.Ordinal);
        foreach (var (name, tensor) in head.state_dict())
            tensors.Add($"{headName}.{(name.StartsWith(ProbeLayers, StringComparison.Ordinal) ? name[ProbeLayers.Length..] : name)}", tensor);
        return tensors;
    }
}
