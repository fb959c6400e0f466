using System.Collections.Frozen;
using System.Reflection;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Backbones.NasBench201;
using NeuralCapacitance.Worker.TorchScript;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>Every backbone of this assembly's families, the cells of NAS-Bench-201, and models that users bring along.</summary>
public sealed class BackboneCatalogue : IBackboneCatalogue
{
    private readonly FrozenDictionary<string, (BackboneInfo Info, Backbone Backbone)> entries = Families()
        .SelectMany(family => family.Members, (family, member) => (Info: Describe(family.Name, member), Backbone: member))
        .ToFrozenDictionary(entry => entry.Info.Name, StringComparer.Ordinal);

    private readonly TorchScriptPolicy own;

    /// <param name="own">Which users' own models may run; null: none.</param>
    public BackboneCatalogue(TorchScriptPolicy? own = null)
    {
        this.own = own ?? TorchScriptPolicy.Off;
        All = [.. entries.Values.Select(entry => entry.Info).OrderBy(info => info.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<BackboneInfo> All { get; }

    public IReadOnlyList<BackbonePattern> Patterns { get; } = [NasBench201Pattern.Pattern, TorchScriptBackbone.Pattern];

    public BackboneInfo? Find(string name) =>
        entries.TryGetValue(name, out var entry) ? entry.Info
        : NasBench201Pattern.Find(name, out _) is { } cell ? Describe(NasBench201Pattern.Family, cell)
        : null;

    public BackboneFault? Explain(string name)
    {
        NasBench201Pattern.Find(name, out var fault);
        return fault;
    }

    /// <summary>
    /// A new backbone with random weights, in train mode: normalised images N×3×S×S (float32, S ≥ the minimum size) to
    /// features N×FeatureWidth. <c>torch.manual_seed</c> decides its weights.
    /// </summary>
    /// <exception cref="UnknownBackboneException">No backbone has this name.</exception>
    public Module<Tensor, Tensor> Create(string name) => Get(name).Create();

    /// <summary>The candidate's backbone, ready to be trained on images of side <paramref name="imageSize"/>, wherever it comes from.</summary>
    /// <param name="candidate">As a job spec names it.</param>
    /// <param name="imageSize">The images are square.</param>
    /// <param name="artifacts">Where the file of a TorchScript backbone is found.</param>
    /// <exception cref="UnknownBackboneException">No backbone has the candidate's name.</exception>
    /// <exception cref="BackboneException">The user's own model cannot serve as a backbone.</exception>
    public BeheadedNetwork Create(CandidateSpec candidate, int imageSize, ArtifactStore artifacts)
    {
        if (string.Equals(candidate.Backbone, TorchScriptBackbone.Name, StringComparison.Ordinal))
            return ScriptedBackbone.Load(candidate, imageSize, artifacts, own);
        var module = Create(candidate.Backbone);
        var info = Find(candidate.Backbone)!;
        return new(module, info.FeatureWidth, InputSize.For(info, imageSize), info.Scaling, info.Family);
    }

    /// <exception cref="UnknownBackboneException">No backbone has this name.</exception>
    internal Backbone Get(string name)
    {
        if (entries.TryGetValue(name, out var entry))
            return entry.Backbone;
        return NasBench201Pattern.Find(name, out var fault) ?? throw new UnknownBackboneException(
            fault is null
                ? $"No backbone is called '{name}'. Known: {string.Join(", ", All.Select(info => info.Name).Concat(Patterns.Select(pattern => pattern.Name)))}."
                : $"'{name}' {fault.Problem}; accepted: {fault.Accepted}.");
    }

    private static IEnumerable<IBackboneFamily> Families() =>
        Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBackboneFamily)))
            .Select(type => (IBackboneFamily)Activator.CreateInstance(type)!);

    private static BackboneInfo Describe(string family, Backbone backbone) => new()
    {
        Name = backbone.Name,
        Family = family,
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
