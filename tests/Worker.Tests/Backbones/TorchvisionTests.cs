using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>The backbones in torchvision's form against torchvision itself (tools/goldens_backbones.py).</summary>
[Trait("Category", "Slow")]
public sealed class TorchvisionTests
{
    private const double Tolerance = 1e-4;

    private static readonly JsonElement Goldens = Golden.Read("backbones.json");
    private static readonly BackboneCatalogue Catalogue = new();

    /// <summary>With the blocks of torchvision, and weights that somebody else published.</summary>
    private const string OfTorchvisionsBlocks = "resnet18-mlnet";

    public static TheoryData<string> Names =>
    [
        "alexnet", "densenet121", "densenet169", "densenet201", "inceptionv3", "mobilenetv2",
        "resnet18", "resnet50", "resnet101", "resnet152", "vgg16", "vgg19",
    ];

    [Theory, MemberData(nameof(Names)), InlineData(OfTorchvisionsBlocks)]
    public void Multiply_adds_are_torchvisions(string name) =>
        Catalogue.Find(name)!.MultiplyAdds.ShouldBe(Of(name).GetProperty("multiplyAdds").GetInt64());

    [Theory, MemberData(nameof(Names))]
    public void Published_weights_are_offered(string name) => Catalogue.Find(name)!.Weights.ShouldContain("imagenet");

    [Theory, MemberData(nameof(Names)), InlineData(OfTorchvisionsBlocks)]
    public void What_is_left_out_of_torchvisions_state_is_declared(string name)
    {
        var backbone = Catalogue.Get(name);
        string[] declared = [$"{backbone.Head}.", .. backbone.Ignored];

        var leftOut = Of(name).GetProperty("leftOut").EnumerateArray().Select(key => key.GetString()!).ToArray();

        leftOut.ShouldAllBe(key => declared.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)));
        declared.ShouldAllBe(prefix => leftOut.Any(key => key.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Names)), InlineData(OfTorchvisionsBlocks)]
    public void State_logits_and_gradients_are_torchvisions(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Of(name);
        using var backbone = Catalogue.Create(name);
        StateShouldBeTorchvisions(name, backbone, golden.GetProperty("state"));
        var (gain, shift) = (golden.GetProperty("gain").GetDouble(), golden.GetProperty("shift").GetDouble());
        Fill.StateOf(backbone, gain, shift);
        var images = Fill.Images(Goldens.GetProperty("batch").GetInt32(), golden.GetProperty("size").GetInt32());

        backbone.eval();
        using (no_grad())
        {
            var evaluated = backbone.call(images);
            evaluated[.., ..8].Numbers().ShouldBeNear(golden.GetProperty("eval").Numbers(), Tolerance);
            Logits(evaluated).ShouldBeNear(golden.GetProperty("evalLogits").Numbers(), Tolerance);
        }

        backbone.train();
        foreach (var dropout in backbone.modules().OfType<TorchSharp.Modules.Dropout>())
            dropout.eval();
        using (no_grad())
        {
            var trained = backbone.call(images);
            trained[.., ..8].Numbers().ShouldBeNear(golden.GetProperty("train").Numbers(), Tolerance);
            Logits(trained).ShouldBeNear(golden.GetProperty("trainLogits").Numbers(), Tolerance);
        }
        var state = backbone.state_dict();
        foreach (var statistic in golden.GetProperty("runningStatistics").EnumerateObject())
            state[statistic.Name][..4].Numbers().ShouldBeNear(statistic.Value.Numbers(), Tolerance);

        Fill.StateOf(backbone, gain, shift);
        GradientsShouldBe(golden, backbone.named_parameters().First().name, Gradients.InDouble(backbone, images));

        // What the classifier, were it not cut off, would make of the features.
        double[] Logits(Tensor input)
        {
            var classes = golden.GetProperty("evalLogits")[0].GetArrayLength();
            var head = Catalogue.Get(name).Head;
            return functional.linear(
                input, Fill.State($"{head}.weight", [classes, input.shape[1]], gain, shift), Fill.State($"{head}.bias", [classes], gain, shift)).Numbers();
        }
    }

    private static void StateShouldBeTorchvisions(string name, Module<Tensor, Tensor> backbone, JsonElement expected)
    {
        string[] lines =
            [.. backbone.state_dict().Select(entry => $"{entry.Key} {string.Join('x', entry.Value.shape)}").Order(StringComparer.Ordinal)];

        (lines.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))).ShouldBe(
            (expected.GetProperty("count").GetInt32(), expected.GetProperty("sha256").GetString()),
            $"compare with tools/goldens_backbones.py --state {name}:\n{string.Join('\n', lines)}");
    }

    private static void GradientsShouldBe(JsonElement golden, string first, IReadOnlyDictionary<string, Tensor> gradients)
    {
        gradients[first].flatten()[..8].Numbers().ShouldBeNear(golden.GetProperty("firstGradient").Numbers(), Gradients.Tolerance);
        var normOf = Goldens.GetProperty("normOf").GetInt32();
        foreach (var norm in golden.GetProperty("gradientNorms").EnumerateObject())
        {
            var gradient = gradients[norm.Name].flatten();
            gradient[..(int)Math.Min(normOf, gradient.numel())].norm().Numbers().ShouldBeNear([norm.Value.GetDouble()], Gradients.Tolerance);
        }
    }

    private static JsonElement Of(string name) =>
        Goldens.GetProperty("cases").EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);
}
