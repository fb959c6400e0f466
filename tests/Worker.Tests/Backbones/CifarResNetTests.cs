using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>The residual networks for CIFAR-10 against a plain PyTorch model of the paper's description (tools/goldens_cifar_resnet.py).</summary>
public sealed class CifarResNetTests
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement Goldens = Golden.Read("cifar-resnet.json");
    private static readonly BackboneCatalogue Catalogue = new();

    private static readonly string[] All = [.. Goldens.GetProperty("cases").EnumerateArray().Select(golden => golden.GetProperty("name").GetString()!)];

    public static TheoryData<string> Names => [.. All];

    [Fact]
    public void The_paper_s_depths_are_there() =>
        Catalogue.All.Where(backbone => backbone.Family is "cifar-resnet").Select(backbone => backbone.Name).ShouldBe(All, ignoreOrder: true);

    /// <summary>The paper's table 6: .27, .46, .66, .85 and 1.7 million.</summary>
    [Theory]
    [InlineData("cifar-resnet20", 0.27)]
    [InlineData("cifar-resnet32", 0.46)]
    [InlineData("cifar-resnet44", 0.66)]
    [InlineData("cifar-resnet56", 0.85)]
    [InlineData("cifar-resnet110", 1.7)]
    public void Parameters_are_the_paper_s_and_the_reference_s(string name, double millions)
    {
        var classes = Goldens.GetProperty("classes").GetInt32();
        var info = Catalogue.Find(name)!;

        var parameters = info.Parameters + ((info.FeatureWidth + 1) * classes);

        (parameters / 1e6).ShouldBe(millions, tolerance: name is "cifar-resnet110" ? 0.05 : 0.005);
        (parameters, info.MultiplyAdds).ShouldBe((Of(name).GetProperty("parametersWithClassifier").GetInt64(), Of(name).GetProperty("multiplyAdds").GetInt64()));
    }

    [Theory, MemberData(nameof(Names))]
    public void State_logits_and_gradients_are_the_reference_s(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Of(name);
        var (gain, shift) = (golden.GetProperty("gain").GetDouble(), golden.GetProperty("shift").GetDouble());
        using var backbone = Catalogue.Create(name);
        string[] lines = [.. backbone.state_dict().Select(entry => $"{entry.Key} {string.Join('x', entry.Value.shape)}").Order(StringComparer.Ordinal)];
        (lines.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))).ShouldBe(
            (golden.GetProperty("state").GetProperty("count").GetInt32(), golden.GetProperty("state").GetProperty("sha256").GetString()), string.Join('\n', lines));
        Fill.StateOf(backbone, gain, shift);
        var images = Fill.Images(Goldens.GetProperty("batch").GetInt32(), size: 32);

        using (no_grad())
        {
            backbone.eval();
            var evaluated = backbone.call(images);
            evaluated[.., ..8].Numbers().ShouldBeNear(golden.GetProperty("eval").Numbers(), Tolerance);
            Logits(evaluated, gain, shift).Numbers().ShouldBeNear(golden.GetProperty("evalLogits").Numbers(), Tolerance);
            backbone.train();
            backbone.call(images)[.., ..8].Numbers().ShouldBeNear(golden.GetProperty("train").Numbers(), Tolerance);
        }

        Fill.StateOf(backbone, gain, shift);
        var gradients = Gradients.InDouble(backbone, images);
        gradients["conv1.weight"].flatten()[..8].Numbers().ShouldBeNear(golden.GetProperty("firstGradient").Numbers(), Gradients.Tolerance);
        foreach (var norm in golden.GetProperty("gradientNorms").EnumerateObject())
            gradients[norm.Name].norm().Numbers().ShouldBeNear([norm.Value.GetDouble()], Gradients.Tolerance);
    }

    private static Tensor Logits(Tensor features, double gain, double shift)
    {
        var classes = Goldens.GetProperty("classes").GetInt32();
        return nn.functional.linear(features, Fill.State("linear.weight", [classes, features.shape[1]], gain, shift), Fill.State("linear.bias", [classes], gain, shift));
    }

    private static JsonElement Of(string name) =>
        Goldens.GetProperty("cases").EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);
}
