using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>Random starts have the deviations that torchvision's and Keras' own constructors give each kind of layer.</summary>
[Collection(OwnGenerator.Name)]
public sealed class InitialWeightsTests
{
    /// <summary>A sample of n normal numbers has a deviation within ± this / √(2n) of the true one, but once in 10⁹; of uniform ones rather closer.</summary>
    private const double Sigmas = 6;

    public static TheoryData<string, string, string> Backbones => new()
    {
        { "alexnet", "uniform fan in", "uniform fan in" },
        { "vgg16", "kaiming fan out", "normal 0.01" },
        { "resnet18", "kaiming fan out", "none" },
        { "resnet50", "kaiming fan out", "none" },
        { "mobilenetv2", "kaiming fan out", "none" },
        { "densenet121", "kaiming fan in", "none" },
        { "cifar-resnet20", "kaiming fan in", "none" },
        { "inceptionv3", "truncated normal 0.1", "none" },
        { "resnet50v2", "glorot", "none" },
        { "mobilenet", "glorot", "none" },
        { "xception", "glorot", "none" },
        { "inceptionresnetv2", "glorot", "none" },
    };

    [Theory, MemberData(nameof(Backbones))]
    public void Every_layer_has_the_librarys_deviation(string name, string convolutions, string linears)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        manual_seed(1);
        using var backbone = new BackboneCatalogue().Create(name);
        var modules = backbone.named_modules().ToList();

        foreach (var (layer, module) in modules)
        {
            switch (module)
            {
                case TorchSharp.Modules.Conv2d conv:
                    Check(layer, conv.weight, convolutions);
                    CheckBias(layer, conv.bias, conv.weight, convolutions);
                    break;
                case TorchSharp.Modules.Linear linear:
                    Check(layer, linear.weight, linears);
                    CheckBias(layer, linear.bias, linear.weight, linears);
                    break;
                case TorchSharp.Modules.BatchNorm2d norm:
                    (norm.weight!.eq(1) & norm.bias!.eq(0) & norm.running_mean!.eq(0) & norm.running_var!.eq(1)).all().item<bool>().ShouldBeTrue(layer);
                    break;
            }
        }

        modules.Count(m => m.module is TorchSharp.Modules.Conv2d).ShouldBeGreaterThan(4);
        modules.Exists(m => m.module is TorchSharp.Modules.Linear).ShouldBe(linears is not "none");
    }

    private static void Check(string layer, Tensor weight, string rule)
    {
        var expected = DeviationOf(rule, weight);
        var deviation = weight.to(ScalarType.Float64).square().mean().sqrt().item<double>();
        Math.Abs((deviation / expected) - 1).ShouldBeLessThan(Sigmas / Math.Sqrt(2.0 * weight.numel()), $"{layer}: {deviation} instead of {expected}");
        if (rule.StartsWith("uniform", StringComparison.Ordinal) || rule is "glorot")
            weight.abs().max().item<float>().ShouldBeLessThanOrEqualTo((float)(expected * Math.Sqrt(3)) * 1.000001f, layer);
    }

    /// <summary>PyTorch's own default draws biases too; wherever the libraries initialise by themselves, they are zero.</summary>
    private static void CheckBias(string layer, Tensor? bias, Tensor weight, string rule)
    {
        if (bias is null) return;
        var most = bias.abs().max().item<float>();
        if (rule is not "uniform fan in") most.ShouldBe(0, layer);
        else most.ShouldBeInRange(0.5f / MathF.Sqrt(FanIn(weight)), 1 / MathF.Sqrt(FanIn(weight)), layer);
    }

    private static double DeviationOf(string rule, Tensor weight) => rule switch
    {
        "kaiming fan out" => Math.Sqrt(2.0 / (weight.shape[0] * Receptive(weight))),
        "kaiming fan in" => Math.Sqrt(2.0 / FanIn(weight)),
        "uniform fan in" => 1 / Math.Sqrt(3.0 * FanIn(weight)),
        "glorot" => Math.Sqrt(2.0 / (FanIn(weight) + (weight.shape[0] * Receptive(weight)))),
        "normal 0.01" => 0.01,
        "truncated normal 0.1" => 0.1,
        _ => throw new ArgumentException($"There is no layer of this kind: {rule}.", nameof(rule)),
    };

    private static long FanIn(Tensor weight) => weight.shape[1] * Receptive(weight);

    private static long Receptive(Tensor weight) => weight.shape[2..].Aggregate(1L, (product, side) => product * side);
}
