using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>The ImageNet network that ML.NET packages, made fit by tools/mlnet_resnet18.py, against the package's own graph, operator by operator.</summary>
[Collection(OwnGenerator.Name), Trait("Category", "Slow")]
public sealed class MlNetResNetTests : IDisposable
{
    private const string Name = "resnet18-mlnet";
    private const int Side = 224;

    /// <summary>Of the greatest feature: 20 layers in single precision against the graph in double.</summary>
    private const double Tolerance = 1e-4;

    private readonly Trials trials = new();

    [MlNetPackageFact]
    public void Features_of_bytes_are_the_graph_s()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(3);
        var rough = randint(0, 256, [2, 3, 14, 14], dtype: ScalarType.Float32);
        var images = nn.functional.interpolate(rough, [Side, Side], mode: InterpolationMode.Bilinear).round().to(ScalarType.Byte).contiguous();
        var pixels = Path.Combine(trials.Folder, "images");
        File.WriteAllBytes(pixels, images.bytes.ToArray());
        var script = Repository.PathOf("tools/mlnet_resnet18.py");
        var weights = Path.Combine(trials.Data, "mlnet.pth");
        var (status, output, errors) = Python.Run(script, MlNetPackageFactAttribute.Folder!, weights, "--graph", pixels);
        status.ShouldBe(0, errors);
        var lines = output.Split('\n');
        var expected = JsonSerializer.Deserialize<JsonElement>(lines[0]).GetProperty("features").Numbers();
        var catalogue = new BackboneCatalogue();
        using var backbone = catalogue.Create(Name);

        new WeightsLoader(trials.Weights, catalogue).Load(backbone, Name, "file:mlnet.pth", default).Unused.ShouldBeEmpty();
        backbone.eval();
        var features = backbone.call(Normalization.Apply(images, PixelScaling.ImageNet, CPU));

        features.shape.ShouldBe([2, 512]);
        features.Numbers().ShouldBeNear(expected, Tolerance);
        lines[1].ShouldContain("features differ from the graph's by");
    }

    public void Dispose() => trials.Dispose();
}
