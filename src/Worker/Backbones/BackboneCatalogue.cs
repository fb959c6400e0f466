using System.Collections.Frozen;
using System.Reflection;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>Every backbone of this assembly's families.</summary>
public sealed class BackboneCatalogue : IBackboneCatalogue
{
    private readonly FrozenDictionary<string, (BackboneInfo Info, Backbone Backbone)> entries = Families()
        .SelectMany(family => family.Members, (family, member) => (Info: Describe(family, member), Backbone: member))
        .ToFrozenDictionary(entry => entry.Info.Name, StringComparer.Ordinal);

    public BackboneCatalogue() =>
        All = [.. entries.Values.Select(entry => entry.Info).OrderBy(info => info.Name, StringComparer.Ordinal)];

    public IReadOnlyList<BackboneInfo> All { get; }

    public BackboneInfo? Find(string name) => entries.TryGetValue(name, out var entry) ? entry.Info : null;

    /// <summary>
    /// A new backbone with random weights, in train mode: normalised images N×3×S×S (float32, S ≥ the minimum size) to
    /// features N×FeatureWidth. <c>torch.manual_seed</c> decides its weights.
    /// </summary>
    /// <exception cref="ArgumentException">No backbone has this name.</exception>
    public Module<Tensor, Tensor> Create(string name) => Get(name).Create();

    /// <exception cref="ArgumentException">No backbone has this name.</exception>
    internal Backbone Get(string name) =>
        entries.TryGetValue(name, out var entry)
            ? entry.Backbone
            : throw new ArgumentException(
                $"No backbone is called '{name}'. Known: {string.Join(", ", All.Select(info => info.Name))}.", nameof(name));

    private static IEnumerable<IBackboneFamily> Families() =>
        Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBackboneFamily)))
            .Select(type => (IBackboneFamily)Activator.CreateInstance(type)!);

    private static BackboneInfo Describe(IBackboneFamily family, Backbone backbone) => new()
    {
        Name = backbone.Name,
        Family = family.Name,
        Parameters = backbone.Parameters,
        FeatureWidth = backbone.FeatureWidth,
        MinimumSize = backbone.MinimumSize,
        NativeSize = backbone.NativeSize,
        MultiplyAdds = backbone.MultiplyAdds,
        Scaling = backbone.Scaling,
        Imagenet = ImageNetManifest.Find(backbone.Name),
        Weights = ImageNetManifest.Find(backbone.Name) is null ? ["random", "file"] : ["random", "imagenet", "file"],
    };
}
