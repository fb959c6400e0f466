using NeuralCapacitance.Domain.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>
/// Backbones made of the same blocks. <see cref="BackboneCatalogue"/> finds every implementation in this assembly,
/// so a new family is one new file, and a new depth is one new line in <see cref="Members"/>.
/// </summary>
internal interface IBackboneFamily
{
    string Name { get; }

    IReadOnlyList<Backbone> Members { get; }
}

/// <summary>One backbone and how to make it.</summary>
/// <remarks>
/// The figures are declared, not measured at run time: measuring needs a module, and making one draws from the
/// process-wide generator, which would change the trial that trains at that moment. The tests trace every module and compare.
/// </remarks>
internal sealed record Backbone
{
    public required string Name { get; init; }

    public required Func<Module<Tensor, Tensor>> Create { get; init; }

    public required long Parameters { get; init; }

    public required int FeatureWidth { get; init; }

    /// <summary>Multiply-adds of the convolutions and linear layers for one image of <see cref="NativeSize"/>.</summary>
    public required long MultiplyAdds { get; init; }

    public int MinimumSize { get; init; } = 32;

    public int NativeSize { get; init; } = 32;

    /// <summary>
    /// What the published network calls the classifier that is cut off here: its tensors are <c>{Head}.weight</c> and <c>{Head}.bias</c>
    /// in a file of weights. Null where nobody published one.
    /// </summary>
    public string? Head { get; init; }

    /// <summary>Prefixes of published tensors that no feature depends on, besides the head: an auxiliary classifier, say.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>How the published weights expect their pixels.</summary>
    public PixelScaling Scaling { get; init; } = PixelScaling.ImageNet;
}
