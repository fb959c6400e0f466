using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class FileWeightsTests
{
    private const string Spec = """{ "dataset": { "name": "cifar10" }, "candidates": ["CNN-Small", { "backbone": "VGG16", "weights": "FILE:job/a.safetensors#model_ema" }, { "backbone": "TorchScript", "weights": "file:my.pt" }] }""";

    [Theory]
    [InlineData("file:a.pth", "/a.pth", null)]
    [InlineData("file:a.pth#model_ema", "/a.pth", "model_ema")]
    [InlineData("file:a.pth#", "/a.pth", "")]
    [InlineData("file:run#3.pth", "/run#3.pth", null)]
    [InlineData("file:run#3.pth#ema", "/run#3.pth", "ema")]
    public void A_part_comes_after_the_last_sign(string weights, string path, string? part)
        => FileWeights.Resolve(weights, name => name is "a.pth" or "run#3.pth" ? "/" + name : throw new ArgumentException(name)).ShouldBe(new FileWeights(path, part));

    [Fact]
    public void A_file_that_is_not_there_is_told_by_its_own_name()
        => Should.Throw<ArgumentException>(() => FileWeights.Resolve("file:b.pth#ema", name => throw new ArgumentException(name))).Message.ShouldBe("b.pth");

    [Fact]
    public void Case_alone_is_no_fault()
    {
        var spec = new JobSpecReader(new FewBackbones(), new FewDatasets(), new OneWeightsFile()).Read(Spec).Spec.ShouldNotBeNull();
        spec.Candidates.Select(c => (c.Name, c.Backbone, c.Weights)).ShouldBe(
        [
            ("cnn-small", "cnn-small", "random"), ("vgg16@file:job/a.safetensors#model_ema", "vgg16", "file:job/a.safetensors#model_ema"),
            ("torchscript@file:my.pt", "torchscript", "file:my.pt"),
        ]);
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_an_obstacle_that_names_its_candidate()
    {
        var result = new JobSpecReader(new FewBackbones(), new FewDatasets(), new OneWeightsFile(), new Refusing()).Read(Spec);

        result.Spec.ShouldBeNull();
        result.Intended.ShouldNotBeNull();
        result.Faults.Select(fault => (fault.Path, fault.Problem, fault.IsObstacle)).ShouldBe(
        [
            ("candidates[1].weights", "cannot be used by candidate 'vgg16@file:job/a.safetensors#model_ema': it is no good", true),
            ("candidates[2].weights", "cannot be used by candidate 'torchscript@file:my.pt': it is no good", true),
        ]);
    }

    private sealed class Refusing : IWeightsCheck
    {
        public IReadOnlyList<string?> WhyUnusable(IReadOnlyList<CandidateSpec> candidates) => [.. candidates.Select(_ => "it is no good")];
    }
}
