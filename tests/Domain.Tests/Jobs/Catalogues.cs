using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

internal sealed class FewBackbones : IBackboneCatalogue
{
    public IReadOnlyList<BackboneInfo> All { get; } = [.. new[] { "cnn-small", "mobilenetv2", "resnet18", "resnet50", "vgg16" }.Select(Info)];

    public IReadOnlyList<BackbonePattern> Patterns => [TorchScriptBackbone.Pattern];

    public BackboneInfo? Find(string name) => All.FirstOrDefault(b => b.Name == name);

    public BackboneFault? Explain(string name) => name.StartsWith("cell:", StringComparison.Ordinal) ? new("is half a cell", "cell:WHOLE") : null;

    /// <summary>Of two: <c>resnet18</c>'s are at hand, <c>mobilenetv2</c>'s are not.</summary>
    private static PublishedWeights? Published(string name) => name is "resnet18" or "mobilenetv2"
        ? new PublishedWeights { Url = $"https://example.org/{name}.pth", File = $"{name}.pth", Format = PublishedWeights.PyTorch, Licence = "any", Source = "any", SourceClasses = 10, Top1Accuracy = 0.7 }
        : null;

    private static BackboneInfo Info(string name) => new()
    {
        Name = name, Family = "any", Parameters = 1, FeatureWidth = 8, MinimumSize = 32, NativeSize = 32, MultiplyAdds = 1,
        Imagenet = Published(name),
        Weights = Published(name) is null ? ["random", "file"] : ["random", "imagenet", "file"],
    };
}

/// <summary>One image folder, <c>birds</c>, of 1 000 training images in two classes; CIFAR-10; SVHN, whose files are absent; any synthetic set.</summary>
internal sealed class FewDatasets : IDatasetCatalogue
{
    public IReadOnlyList<DatasetKind> Kinds { get; } =
    [
        new("cifar10", PathUse.Optional, "the folder of its files"), new("image-folder", PathUse.Required, "the folder of the images", HasFiles: true),
        new("svhn", PathUse.Optional, "the folder of its files"), new("synthetic", PathUse.None),
    ];

    public IReadOnlyList<DatasetInfo> List() => [Inspect(new DatasetSpec { Name = "image-folder", Path = "birds" })];

    public DatasetInfo Inspect(DatasetSpec spec) => spec switch
    {
        { Synthetic: { } s } => Info(spec, s.Classes, s.TrainImages / s.Classes, s.TestImages / s.Classes),
        { Name: "image-folder", Path: "birds" } => Info(spec, 2, 500, 100),
        { Name: "image-folder", Path: "pre-split" } => Info(spec, 2, 500, 100, validation: 50),
        { Name: "image-folder", Path: "few" } => Info(spec, 2, 10, 2),
        { Name: "image-folder", Path: "tiny" } => Info(spec, 2, 1, 1),
        { Name: "image-folder", Path: "damaged" } => Info(spec, 2, 500, 100) with { Broken = spec.OnBrokenImage == BrokenImage.Skip ? null : new BrokenFiles(2, ["'a/1.jpg' (empty)", "'a/2.jpg' (empty)"]) },
        { Name: "image-folder", Path: "ruined" } => Info(spec, 2, 500, 100) with { Broken = new BrokenFiles(90, ["'a/1.jpg' (empty)"]) },
        { Name: "image-folder", Path: "scanty" } => Info(spec, 2, 9, 2) with { Problems = ["'extra' is not read."] },
        { Name: "image-folder" } => throw new DatasetException("path", $"'{spec.Path}' is below no data root"),
        { Name: "cifar10" } => Info(spec, 10, 5_000, 1_000),
        { Name: "svhn" } => throw new DatasetAbsentException("path", "no svhn", Info(spec, 10, 7_000, 2_000)),
        _ => throw new DatasetException("name", $"'{spec.Name}' is no known data set"),
    };

    private static DatasetInfo Info(DatasetSpec spec, int classes, int train, int test, int validation = 0) => new()
    {
        Spec = spec,
        Classes = [.. Enumerable.Range(0, classes).Select(c => new ClassCount($"class{c}", train, test, validation))],
        Problems = [],
    };
}

internal sealed class OneWeightsFile : IWeightsStore
{
    public string ResolveWeights(string relativePath) => relativePath is "job/a.safetensors" or "my.pt"
        ? "/artifacts/" + relativePath
        : relativePath is "circle" ? throw new IOException("'circle' leads through more than 64 links.")
        : throw new ArgumentException($"'{relativePath}' is not below /artifacts");

    public bool IsCached(PublishedWeights weights) => weights.File is "resnet18.pth";

    public IReadOnlyList<string?> WhyUnavailable(IReadOnlyList<PublishedWeights> weights) => [.. weights.Select(w => IsCached(w) ? null : $"no {w.File}")];
}
