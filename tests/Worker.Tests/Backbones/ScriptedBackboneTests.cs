using System.Text.Json;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>A model of a user's own against PyTorch (tools/goldens_torchscript.py), and models that cannot serve.</summary>
public sealed class ScriptedBackboneTests
{
    private const double Tolerance = 1e-5;
    private static readonly JsonElement Expected = Golden.Read("own.json");

    [Fact]
    public void Features_are_the_output_of_the_whole_module()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var network = Load("own.pt");

        network.FeatureWidth.ShouldBe(10);
        network.InputSize.ShouldBe(new InputSize(32, 32));
        network.HasItsWeights.ShouldBeTrue();
        network.Module.training.ShouldBeTrue();
        network.Module.eval();
        network.Module.call(Images()).Numbers().ShouldBeNear(Expected.GetProperty("whole").Numbers(), Tolerance);
        network.Module.Dispose();
    }

    [Fact]
    public void Maps_of_a_submodule_are_averaged_over_the_image()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var network = Load("own.pt", "features");

        network.FeatureWidth.ShouldBe(12);
        network.Module.eval();
        network.Module.call(Images()).Numbers().ShouldBeNear(Expected.GetProperty("features").Numbers(), Tolerance);
        network.Module.Dispose();
    }

    [Fact]
    public void Submodule_learns_as_in_PyTorch_and_only_its_own_parameters_are_trained()
    {
        using var scope = NewDisposeScope();
        var module = Load("own.pt", "features").Module;

        var features = module.call(Images());
        (features * Fill.Unit("factors", features.shape)).mean().backward();

        features.Numbers().ShouldBeNear(Expected.GetProperty("trainedFeatures").Numbers(), Tolerance);
        var gradients = Expected.GetProperty("gradients").EnumerateObject().ToDictionary(g => g.Name, g => g.Value.Numbers(), StringComparer.Ordinal);
        module.named_parameters().Select(p => p.name).ShouldBe(gradients.Keys, ignoreOrder: true);
        foreach (var (name, parameter) in module.named_parameters())
            parameter.grad!.flatten()[..gradients[name].Length].Numbers().ShouldBeNear(gradients[name], 10 * Tolerance);
        module.state_dict()["model.bn1.running_mean"].Numbers().ShouldBeNear(Expected.GetProperty("runningMean").Numbers(), Tolerance);
        module.Dispose();
    }

    [Fact]
    public void Weight_that_two_layers_share_is_listed_once_and_trained_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        var module = Load("own-tied.pt").Module;
        var images = Images();
        using var optimizer = optim.SGD(module.parameters(), 0.1, momentum: 0.9);

        for (var step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            module.call(images).pow(2).sum().backward();
            optimizer.step();
        }

        var expected = Expected.GetProperty("tied").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Numbers(), StringComparer.Ordinal);
        module.named_parameters().Select(p => p.name).ShouldBe(expected.Keys);
        foreach (var (name, parameter) in module.named_parameters())
            parameter.flatten().Numbers().ShouldBeNear(expected[name], Tolerance);
        module.Dispose();
    }

    [Fact]
    public void Looking_for_the_width_leaves_running_statistics_alone()
    {
        using var first = Load("own.pt").Module;

        first.state_dict()["model.features.bn1.running_mean"].Numbers().ShouldAllBe(mean => mean == 0);
        first.state_dict()["model.features.bn1.num_batches_tracked"].item<long>().ShouldBe(0);
    }

    [Theory]
    [InlineData("own.pt", "layers.0", "has no submodule 'layers.0'. It has: features, features.conv1, features.bn1, features.conv2, embedding, embedding.0,")]
    [InlineData("own-grey.pt", "a", "has no submodule 'a'. It has: conv.")]
    [InlineData("own-pair.pt", null, "does not turn 2 images of 3×32×32 (float32, eval mode) into one tensor")]
    [InlineData("own-grey.pt", null, "expected input[2, 3, 32, 32] to have 1 channels")]
    [InlineData("own-rows.pt", null, "into a tensor of shape [2, 8, 256]; N×F features or N×C×H×W maps are needed")]
    [InlineData("own-doubles.pt", null, "returns Float64 numbers; Float32 is needed")]
    [InlineData("own-double.pt", null, "has Float64 parameters to train; Float32 is needed")]
    [InlineData("own-frozen.pt", null, "has no parameter that can be trained")]
    [InlineData("own.pt", "embedding.3", "Submodule 'embedding.3' of 'file:own.pt' has no parameter that can be trained")]
    public void Model_that_cannot_serve_is_told_why(string file, string? module, string reason) =>
        Should.Throw<BackboneException>(() => Load(file, module)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("own-eval.pt", "'file:own-eval.pt' does not turn 4 images of 3×32×32 (float32, train mode) into one tensor:", "no training here")]
    [InlineData("own-two.pt", "'file:own-two.pt' does not turn 4 images of 3×32×32 (float32, train mode) into one tensor:", "shape '[2, 8, 16, 16]' is invalid for input of size 8192")]
    [InlineData("own-together.pt", "'file:own-together.pt' turns 4 images of 3×32×32 (float32, train mode) into a tensor of shape [2, 8, 1, 1]", "one row of 8 features for each image")]
    public void Model_that_fails_only_in_training_is_told_why(string file, string what, string reason)
    {
        using var scope = NewDisposeScope();
        using var module = Load(file).Module;

        var error = Should.Throw<BackboneException>(() => module.call(Images()));

        error.Message.ShouldStartWith(what);
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void File_that_is_no_TorchScript_is_refused_with_the_way_to_make_one()
    {
        var error = Should.Throw<WeightsException>(() => Load("own.json"));

        error.Message.ShouldStartWith("'file:own.json' is no TorchScript file");
        error.Message.ShouldContain("torch.jit.script(model).save(path)");
    }

    [Fact]
    public void Absent_file_is_refused_in_the_words_of_the_store() =>
        Should.Throw<WeightsException>(() => Load("gone.pt")).Message.ShouldStartWith("No weights 'gone.pt' in");

    private static BeheadedNetwork Load(string file, string? module = null) => new BackboneCatalogue(TorchScriptPolicy.Of("true")).Create(
        new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:" + file, Module = module }, imageSize: 32,
        new ArtifactStore(Options.Create(new StorageOptions { DataRoots = [Path.Combine(AppContext.BaseDirectory, "Goldens")] })));

    private static Tensor Images() => Fill.Images(Expected.GetProperty("batch").GetInt32(), Expected.GetProperty("size").GetInt32());
}
