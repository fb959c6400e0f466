using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

[Collection(OwnGenerator.Name)]
public sealed class BackboneCatalogueTests
{
    private static readonly BackboneCatalogue Catalogue = new();

    /// <summary>Training one that is larger would take seconds each; what it shares with these is its blocks and its loop.</summary>
    private const long MultiplyAddsOfSmall = 20_000_000;

    public static TheoryData<string> Names => [.. Catalogue.All.Select(backbone => backbone.Name)];

    public static TheoryData<string> Small =>
        [.. Catalogue.All.Where(backbone => backbone.MultiplyAdds <= MultiplyAddsOfSmall).Select(backbone => backbone.Name)];

    /// <summary>Their candidates are names; with published weights they would mean something else than when they were recorded.</summary>
    [Theory]
    [InlineData("corpus/corpus.json", "defaults")]
    [InlineData("cifar10-transfer/pretrain.json", null)]
    [InlineData("cifar10-transfer/transfer.json", null)]
    public void Networks_of_the_recorded_experiments_start_from_random_weights(string file, string? section)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf($"docs/experiments/{file}")));
        var spec = section is null ? document.RootElement : document.RootElement.GetProperty(section);

        string[] names = [.. spec.GetProperty("candidates").EnumerateArray().Select(name => name.GetString()!)];

        names.Length.ShouldBeGreaterThan(5);
        names.ShouldAllBe(name => Catalogue.Find(name)!.DefaultWeights == "random");
    }

    [Fact]
    public void Backbones_with_published_weights_start_from_them()
        => Catalogue.All.Where(backbone => backbone.DefaultWeights == "imagenet").Select(backbone => backbone.Name).ShouldBe(ImageNetManifest.Backbones, ignoreOrder: true);

    [Fact]
    public void Lists_every_family_sorted_by_name()
    {
        var names = Catalogue.All.Select(backbone => backbone.Name).ToArray();

        names.ShouldBe(names.Order(StringComparer.Ordinal));
        string[] some =
        [
            "alexnet-small", "cnn-small", "densenet-small", "mobilenet-small", "mobilenetv2", "resnet14", "resnet18", "resnet20",
            "resnet50", "resnet8", "resnet8-wide", "resnet8-thin", "resnet14-thin", "cnn-small-bn", "cnn-wide", "vgg-small", "vgg-small-bn", "vgg16",
            "alexnet", "densenet121", "densenet169", "densenet201", "inceptionv3", "resnet101", "resnet152", "vgg19",
            "inceptionresnetv2", "mobilenet", "resnet101v2", "resnet152v2", "resnet50v2", "xception",
            "cifar-resnet20", "cifar-resnet32", "cifar-resnet44", "cifar-resnet56", "cifar-resnet110",
        ];
        some.ShouldBeSubsetOf(names);
    }

    [Fact]
    public void Published_weights_are_of_backbones_that_there_are_and_have_a_head()
    {
        foreach (var name in ImageNetManifest.Backbones.Where(name => ImageNetManifest.Find(name)!.Format == PublishedWeights.PyTorch))
        {
            Catalogue.Find(name).ShouldNotBeNull(name).Weights.ShouldBe(["random", "imagenet", "file"], name);
            Catalogue.Get(name).Head.ShouldNotBeNull(name);
        }
        Catalogue.Find("resnet8")!.Weights.ShouldBe(["random", "file"]);
    }

    [Fact]
    public void Unknown_name_is_answered_with_the_known_ones()
    {
        Catalogue.Find("resnet9").ShouldBeNull();
        Should.Throw<UnknownBackboneException>(() => Catalogue.Create("resnet9")).Message.ShouldContain("resnet8, resnet8-thin, resnet8-wide, vgg-small");
    }

    [Theory, MemberData(nameof(Names))]
    public void Declared_figures_are_those_of_the_module_and_hold_at_other_sizes(string name)
    {
        var declared = Catalogue.Find(name)!;
        using var backbone = Catalogue.Create(name);

        var trace = ShapeTrace.Of(backbone, declared.NativeSize);

        (Parameters: backbone.parameters().Sum(p => p.numel()), FeatureWidth: trace.Features[1], trace.MultiplyAdds)
            .ShouldBe((declared.Parameters, declared.FeatureWidth, declared.MultiplyAdds));
        // Published weights come with a classifier, whose name the loader needs.
        declared.Weights.ShouldBe(declared.Weights.Contains("imagenet") ? ["random", "imagenet", "file"] : ["random", "file"]);
        (declared.Weights.Contains("imagenet") && Catalogue.Get(name).Head is null).ShouldBeFalse();
        foreach (var size in new[] { declared.MinimumSize, declared.MinimumSize + 5, 96 })
            ShapeTrace.Of(backbone, size).Features.ShouldBe([0, declared.FeatureWidth], $"at {size} px");
    }

    [Theory]
    [InlineData("resnet8", 32)]
    [InlineData("alexnet", 63)]
    [InlineData("inceptionv3", 75)]
    public void Job_that_does_not_say_a_size_feeds_the_usual_one_or_the_minimum(string name, int size) =>
        Catalogue.Find(name)!.DefaultSize.ShouldBe(size);

    [Theory]
    [InlineData("alexnet")]
    [InlineData("inceptionv3")]
    public void Nothing_is_left_of_an_image_below_an_odd_minimum(string name)
    {
        using var backbone = Catalogue.Create(name);

        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => ShapeTrace.Of(backbone, Catalogue.Find(name)!.MinimumSize - 1))
            .Message.ShouldContain("size");
    }

    [Theory, MemberData(nameof(Small))]
    public void Two_steps_of_training_move_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var backbone = Catalogue.Create(name);
        var before = backbone.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone(), StringComparer.Ordinal);
        using var optimizer = optim.SGD(backbone.parameters(), learningRate: 1e-3);
        var images = Fill.Images(batch: 8, size: 32);
        var factors = Fill.Unit("factors", [8, Catalogue.Find(name)!.FeatureWidth]);

        for (var step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            (backbone.call(images) * factors).sum().backward();
            optimizer.step();
        }

        foreach (var (parameterName, parameter) in backbone.named_parameters())
        {
            parameter.grad!.isfinite().all().item<bool>().ShouldBeTrue($"gradient of {parameterName}");
            (parameter - before[parameterName]).abs().max().item<float>().ShouldBeGreaterThan(0, parameterName);
        }

        backbone.Dispose();
    }

    [Fact]
    public void Same_seed_gives_the_same_weights_and_another_seed_gives_others()
    {
        float[] Weights(long seed)
        {
            manual_seed(seed);
            using var backbone = Catalogue.Create("mobilenet-small");
            return [.. backbone.parameters().SelectMany(p => p.data<float>().ToArray())];
        }

        Weights(7).ShouldBe(Weights(7));
        Weights(7).ShouldNotBe(Weights(8));
    }

    [Fact]
    public void Forward_leaves_only_the_features_behind()
    {
        using var backbone = Catalogue.Create("densenet-small");
        using var images = Fill.Images(batch: 2, size: 32);
        using var _ = no_grad();
        using var scope = NewDisposeScope();

        using var features = backbone.call(images);

        scope.DisposablesCount.ShouldBe(1);
    }
}
