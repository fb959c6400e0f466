using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Weights;

namespace NeuralCapacitance.Infrastructure.Tests.Weights;

public sealed class ImageNetManifestTests
{
    public static TheoryData<string> Backbones => [.. ImageNetManifest.Backbones];

    [Theory, MemberData(nameof(Backbones))]
    public void Each_entry_can_be_fetched_and_checked(string backbone)
    {
        var weights = ImageNetManifest.Find(backbone).ShouldNotBeNull();

        new Uri(weights.Url).Scheme.ShouldBe("https");
        (weights.Sha256 is null).ShouldBe(weights.Md5 is not null, "one checksum, the better one that is published");
        Should.NotThrow(() => weights.Sha256 is { } sha256 ? Checksum.Sha256(sha256) : Checksum.Md5(weights.Md5!));
        Path.GetFileName(weights.File).ShouldBe(weights.File);
        weights.Licence.ShouldContain("non-commercial");
        if (weights.Format == PublishedWeights.PyTorch) weights.Url.ShouldEndWith($"-{weights.Sha256}.pth");
    }

    [Fact]
    public void Files_have_names_of_their_own()
        => ImageNetManifest.Backbones.Select(name => ImageNetManifest.Find(name)!.File).ShouldBeUnique();

    [Fact]
    public void The_paper_s_seventeen_backbones_have_weights()
    {
        string[] paper =
        [
            "alexnet", "vgg16", "vgg19", "resnet50", "resnet101", "resnet152", "resnet50v2", "resnet101v2", "resnet152v2", "densenet121", "densenet169", "densenet201",
            "mobilenet", "mobilenetv2", "inceptionv3", "inceptionresnetv2", "xception",
        ];
        ImageNetManifest.Backbones.ShouldBe([.. paper, "resnet18"], ignoreOrder: true);
        ImageNetManifest.Find("resnet8").ShouldBeNull();
    }
}
