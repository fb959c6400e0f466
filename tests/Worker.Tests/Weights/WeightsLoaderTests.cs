using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Weights;

public sealed class WeightsLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Module<Tensor, Tensor> backbone = Network();

    private string Saved => folder.File("weights.safetensors");

    [Fact]
    public void A_network_s_own_weights_fit_it()
    {
        using var source = Network();
        Load(source.state_dict()).Unused.ShouldBeEmpty();

        foreach (var (name, tensor) in backbone.state_dict())
        {
            tensor.bytes.SequenceEqual(source.state_dict()[name].bytes).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void The_classifier_of_the_file_is_left_out_and_reported()
    {
        var weights = backbone.state_dict();
        weights["fc.weight"] = zeros(10, 4);

        Load(weights).Unused.ShouldBe(["fc.weight"]);
    }

    [Fact]
    public void The_classifier_that_a_backbone_lost_can_be_read_from_the_file()
    {
        var weights = backbone.state_dict();
        weights["top.weight"] = arange(40).reshape(10, 4).to(ScalarType.Float64);
        weights["top.bias"] = arange(10).to(ScalarType.Float32);
        weights["AuxLogits.fc.weight"] = zeros(3);

        Load(weights, "top").Unused.ShouldBe(["AuxLogits.fc.weight", "top.bias", "top.weight"]);

        using var head = ReadHead("top").ShouldNotBeNull();
        head.Classes.ShouldBe(10);
        head.Weight.dtype.ShouldBe(ScalarType.Float32);
        head.Weight.Numbers().ShouldBe(Enumerable.Range(0, 40).Select(i => (double)i));
        head.Bias.Numbers().ShouldBe(Enumerable.Range(0, 10).Select(i => (double)i));
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(4, 9)]
    public void A_classifier_of_another_width_is_none(long width, long biases)
    {
        var weights = backbone.state_dict();
        weights["top.weight"] = zeros(10, width);
        weights["top.bias"] = zeros(biases);

        Load(weights, "top").Unused.ShouldBe(["top.bias", "top.weight"]);

        ReadHead("top").ShouldBeNull();
    }

    [Fact]
    public void Layers_before_a_backbone_s_own_head_are_not_taken_for_it()
    {
        var weights = backbone.state_dict();
        weights["classifier.0.weight"] = zeros(10, 4);

        Should.Throw<WeightsException>(() => Load(weights, "classifier.6")).Message.ShouldContain("unexpected: classifier.0.weight;");
    }

    [Fact]
    public void Old_DenseNets_have_the_names_of_today()
    {
        ParameterNames.Bare("module.features.denseblock1.denselayer12.norm.1.running_mean").ShouldBe("features.denseblock1.denselayer12.norm1.running_mean");
        ParameterNames.Bare("features.denseblock1.denselayer12.conv.2.weight").ShouldBe("features.denseblock1.denselayer12.conv2.weight");
        ParameterNames.Bare("x.norm.1.weight").ShouldBe("x.norm.1.weight");
    }

    [Fact]
    public void Two_tensors_for_one_name_are_told()
    {
        var weights = backbone.state_dict();
        weights["0.module.weight"] = weights["0.weight"];

        Should.Throw<WeightsException>(() => Load(weights)).Message.ShouldContain("it has two tensors for '0.weight'");
    }

    [Fact]
    public void A_file_without_batch_counts_is_accepted()
    {
        var weights = backbone.state_dict();
        weights.Remove("1.num_batches_tracked").ShouldBeTrue();

        Load(weights).Unused.ShouldBeEmpty();
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var source = Network();
        var weights = source.state_dict();
        weights["0.weight"] = weights["0.weight"].to(ScalarType.Float16);

        Load(weights);

        backbone.state_dict()["0.weight"].dtype.ShouldBe(ScalarType.Float32);
        backbone.state_dict()["0.weight"].allclose(source.state_dict()["0.weight"], rtol: 1e-3, atol: 1e-3).ShouldBeTrue();
    }

    [Fact]
    public void All_that_does_not_fit_is_named_and_nothing_is_changed()
    {
        var weights = backbone.state_dict().ToDictionary(t => t.Key, t => t.Value.clone(), StringComparer.Ordinal);
        weights.Remove("0.bias");
        weights["0.stem.weight"] = zeros(1);
        weights["1.weight"] = zeros(5);
        weights["0.weight"] = zeros(4, 3);
        var before = backbone.state_dict()["0.weight"].bytes.ToArray();

        var message = Should.Throw<WeightsException>(() => Load(weights)).Message;

        message.ShouldContain("missing: 0.bias;");
        message.ShouldContain("unexpected: 0.stem.weight;");
        message.ShouldContain("of another shape: 1.weight [5] instead of [4];");
        backbone.state_dict()["0.weight"].bytes.SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public void A_wholly_different_network_gives_a_short_message()
    {
        var weights = Enumerable.Range(0, 1000).ToDictionary(i => $"layer{i}.weight", _ => zeros(1), StringComparer.Ordinal);

        Should.Throw<WeightsException>(() => Load(weights)).Message.ShouldMatch(@"its names begin with 'layer0\.weight', 'layer1\.weight', .* and 995 more, expected '0\.\w+', '1\.\w+'; rename them");
    }

    public void Dispose()
    {
        backbone.Dispose();
        folder.Dispose();
    }

    private static Module<Tensor, Tensor> Network() => Sequential(("0", Linear(3, 4)), ("1", BatchNorm1d(4)));

    private LoadedWeights Load(IReadOnlyDictionary<string, Tensor> weights, string? head = null)
    {
        SafetensorsWriter.Write(Saved, weights);
        using var reader = SafetensorsReader.Open(Saved);
        return WeightsLoader.Load(backbone, Description(head), reader, "file:weights.safetensors");
    }

    /// <summary>From the file that was loaded last.</summary>
    private SourceHead? ReadHead(string head)
    {
        using var reader = SafetensorsReader.Open(Saved);
        return WeightsLoader.ReadHead(backbone, Description(head), reader, "file:weights.safetensors");
    }

    private static Backbone Description(string? head) => new()
    {
        Name = "test", Create = Network, Parameters = 24, FeatureWidth = 4, MultiplyAdds = 12, Head = head, Ignored = ["AuxLogits."],
    };
}
