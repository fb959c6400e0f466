using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class NearestNamesTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("vgg16", "vgg16", 0)]
    [InlineData("weigths", "weights", 1)]
    [InlineData("resnet5", "resnet50", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_slips(string a, string b, int expected)
    {
        NearestNames.Distance(a, b).ShouldBe(expected);
        NearestNames.Distance(b, a).ShouldBe(expected);
    }

    [Theory]
    [InlineData("mobilenetv2_100", "mobilenetv2")]
    [InlineData("vgg16_bn", "vgg16")]
    [InlineData("resnet50.a1_in1k", "resnet50")]
    [InlineData("torchvision/resnet50", "resnet50")]
    [InlineData("timm/resnet50.a1_in1k", "resnet50")]
    [InlineData("microsoft/resnet-50", "resnet50")]
    [InlineData("ResNet50", "resnet50")]
    [InlineData("ResNet-50", "resnet50")]
    [InlineData("resnet_50", "resnet50")]
    [InlineData("resnet50d", "resnet50")]
    [InlineData("resnet50_v2", "resnet50v2")]
    [InlineData("wide_resnet50_2", "resnet50")]
    [InlineData("resnext50_32x4d", "resnet50")]
    [InlineData("inception_v3", "inceptionv3")]
    [InlineData("inception_v3.tv_in1k", "inceptionv3")]
    [InlineData("densenet-121", "densenet121")]
    [InlineData("densenet121.ra_in1k", "densenet121")]
    [InlineData("mobilenet_v2", "mobilenetv2")]
    [InlineData("MobileNetV1", "mobilenet")]
    [InlineData("resnet5", "resnet50")]
    [InlineData("vgg_16", "vgg16")]
    [InlineData("xcepton", "xception")]
    public void Names_of_other_libraries_lead_to_ours(string typed, string meant)
        => NearestNames.To(typed, ["densenet121", "inceptionv3", "mobilenet", "mobilenetv2", "resnet8", "resnet18", "resnet50", "resnet50v2", "vgg16", "vgg19", "xception"])[0].ShouldBe(meant);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("___")]
    [InlineData("🐦")]
    public void Signs_alone_mean_nothing(string typed) => NearestNames.To(typed, ["vgg16", "resnet50"]).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_suggested_for_something_else() => NearestNames.To("transformer", ["vgg16", "resnet50"]).ShouldBeEmpty();
}
