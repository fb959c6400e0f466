using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>The six backbones in Keras Applications' form against a reference written from Keras' own sequence of calls (tools/goldens_keras.py).</summary>
[Trait("Category", "Slow")]
public sealed class KerasTests
{
    private const double Tolerance = 1e-4;
    private const int ImageNetClasses = 1000;
    private static readonly JsonElement Goldens = Golden.Read("keras.json");
    private static readonly BackboneCatalogue Catalogue = new();

    public static TheoryData<string> Names => NamesOf(_ => true);

    public static TheoryData<string> Computed => NamesOf(golden => golden.TryGetProperty("evaluated", out _));

    [Theory, MemberData(nameof(Names))]
    public void Layers_are_those_of_Keras(string name)
    {
        var info = Catalogue.Find(name)!;
        using var backbone = Catalogue.Create(name);
        var golden = Of(name);

        (info.Scaling, info.FeatureWidth, info.NativeSize, info.MultiplyAdds).ShouldBe((
            PixelScaling.SymmetricUnit,
            golden.GetProperty("featureWidth").GetInt32(),
            golden.GetProperty("nativeSize").GetInt32(),
            golden.GetProperty("multiplyAdds").GetInt64()));

        var state = backbone.state_dict().Where(entry => entry.Value.is_floating_point()).ToList();
        var classifier = (info.FeatureWidth + 1) * ImageNetClasses;
        (state.Sum(entry => entry.Value.numel()) + classifier).ShouldBe(golden.GetProperty("published").GetInt64());
        if (golden.TryGetProperty("state", out var names))
            state.Select(entry => $"{entry.Key} {Shape(entry.Value.shape)}").ShouldBe(names.EnumerateArray().Select(entry => $"{entry[0].GetString()} {Shape(entry[1])}"), ignoreOrder: true);

        ShapesOfStages(backbone, info.NativeSize, golden.GetProperty("stages"));
    }

    [Theory, MemberData(nameof(Computed))]
    public void Features_gradients_and_running_statistics_are_the_references(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Of(name);
        using var backbone = Catalogue.Create(name);
        Refill();
        backbone.eval();
        using (no_grad())
        {
            // An even and an odd size: padding "same" differs.
            foreach (var evaluated in golden.GetProperty("evaluated").EnumerateArray())
                FirstEight(backbone.call(Images(evaluated))).ShouldBeNear(evaluated.GetProperty("features").Numbers(), Tolerance);
        }

        if (!golden.TryGetProperty("trained", out var trained))
            return;
        backbone.train();
        foreach (var dropout in backbone.modules().OfType<TorchSharp.Modules.Dropout>())
            dropout.eval();
        using (no_grad())
            FirstEight(backbone.call(Images(trained))).ShouldBeNear(trained.GetProperty("features").Numbers(), Tolerance);
        var state = backbone.state_dict();
        foreach (var statistic in trained.GetProperty("runningStatistics").EnumerateObject())
            state[statistic.Name][..4].Numbers().ShouldBeNear(statistic.Value.Numbers(), Tolerance);

        Refill();
        var gradients = Gradients.InDouble(backbone, Images(trained));
        foreach (var norm in trained.GetProperty("gradientNorms").EnumerateObject())
            gradients[norm.Name].norm().Numbers().ShouldBeNear([norm.Value.GetDouble()], Gradients.Tolerance);

        void Refill() => Fill.StateOf(backbone, golden.GetProperty("gain").GetDouble(), golden.GetProperty("shift").GetDouble());
    }

    [Fact]
    public void First_kernels_are_Glorot_uniform_and_first_biases_zero()
    {
        using var backbone = Catalogue.Create("resnet50v2");
        var state = backbone.state_dict();

        var limit = Math.Sqrt(6.0 / ((64 + 256) * 1));
        var kernel = state["conv2_block1.0_conv.weight"].Numbers();
        kernel.Max(Math.Abs).ShouldBeInRange(0.98 * limit, limit);
        Math.Sqrt(kernel.Average(w => w * w)).ShouldBe(limit / Math.Sqrt(3), tolerance: 0.02 * limit);
        state["conv2_block1.0_conv.bias"].Numbers().ShouldAllBe(b => b == 0);
    }

    private static JsonElement Of(string name) =>
        Goldens.GetProperty("cases").EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);

    private static Tensor Images(JsonElement golden) => Fill.Images(Goldens.GetProperty("batch").GetInt32(), golden.GetProperty("size").GetInt32());

    /// <summary>The top-level modules that Keras' stages correspond to, on a batch of no images.</summary>
    private static void ShapesOfStages(Module<Tensor, Tensor> backbone, int size, JsonElement stages)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var expected = stages.EnumerateObject().ToDictionary(stage => stage.Name, stage => Shape(stage.Value), StringComparer.Ordinal);
        var actual = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (stage, module) in backbone.named_children().Where(child => expected.ContainsKey(child.name)))
        {
            ((Module<Tensor, Tensor>)module).register_forward_hook((_, _, output) =>
            {
                actual[stage] = Shape(output.shape[1..]);
                return output;
            });
        }

        backbone.eval();
        backbone.call(zeros(0, 3, size, size));

        actual.ShouldBe(expected, ignoreOrder: true);
    }

    private static TheoryData<string> NamesOf(Func<JsonElement, bool> wanted) =>
        [.. Goldens.GetProperty("cases").EnumerateArray().Where(wanted).Select(golden => golden.GetProperty("name").GetString()!)];

    private static string Shape(JsonElement shape) => string.Join('×', shape.EnumerateArray());

    private static string Shape(long[] shape) => string.Join('×', shape);

    private static double[] FirstEight(Tensor features) => features[.., ..8].Numbers();
}
