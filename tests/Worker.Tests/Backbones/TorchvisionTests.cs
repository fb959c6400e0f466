using System.Text.Json;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>The four backbones in torchvision's form against torchvision itself (tools/goldens_backbones.py).</summary>
public sealed class TorchvisionTests
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("backbones.json");

    public static TheoryData<string> Names => ["resnet18", "resnet50", "mobilenetv2", "vgg16"];

    [Theory, MemberData(nameof(Names))]
    public void State_has_torchvisions_names_and_shapes(string name)
    {
        using var backbone = new BackboneCatalogue().Create(name);

        backbone.state_dict().Select(entry => $"{entry.Key} {string.Join("×", entry.Value.shape)}")
            .ShouldBe(
                Of(name).GetProperty("state").EnumerateArray()
                    .Select(entry => $"{entry[0].GetString()} {string.Join("×", entry[1].EnumerateArray())}"),
                ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Names))]
    public void Multiply_adds_are_torchvisions(string name) =>
        new BackboneCatalogue().Find(name)!.MultiplyAdds.ShouldBe(Of(name).GetProperty("multiplyAdds").GetInt64());

    [Theory, MemberData(nameof(Names))]
    public void Features_and_gradients_are_torchvisions(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Of(name);
        using var backbone = Filled(name);
        var images = Fill.Images(Goldens.GetProperty("batch").GetInt32(), Goldens.GetProperty("size").GetInt32());

        backbone.eval();
        using (no_grad())
            FirstEight(backbone.call(images)).ShouldBeNear(golden.GetProperty("eval").Numbers(), Tolerance);

        backbone.train();
        foreach (var dropout in backbone.modules().OfType<TorchSharp.Modules.Dropout>())
            dropout.eval();
        var features = backbone.call(images);
        (features * Fill.Unit("factors", features.shape)).mean().backward();

        FirstEight(features).ShouldBeNear(golden.GetProperty("train").Numbers(), Tolerance);
        var parameters = backbone.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        parameters.Values.First().grad!.flatten()[..8].Numbers().ShouldBeNear(golden.GetProperty("firstGradient").Numbers(), Tolerance);
        foreach (var norm in golden.GetProperty("gradientNorms").EnumerateObject())
            parameters[norm.Name].grad!.norm().Numbers().ShouldBeNear([norm.Value.GetDouble()], Tolerance);

        var state = backbone.state_dict();
        foreach (var statistic in golden.GetProperty("runningStatistics").EnumerateObject())
            state[statistic.Name][..4].Numbers().ShouldBeNear(statistic.Value.Numbers(), Tolerance);
    }

    private static JsonElement Of(string name) =>
        Goldens.GetProperty("cases").EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);

    private static Module<Tensor, Tensor> Filled(string name)
    {
        var backbone = new BackboneCatalogue().Create(name);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (key, value) in backbone.state_dict())
        {
            if (value.is_floating_point())
                value.copy_(Fill.State(key, value.shape));
        }

        return backbone;
    }

    private static double[] FirstEight(Tensor features) => features[.., ..8].Numbers();
}
