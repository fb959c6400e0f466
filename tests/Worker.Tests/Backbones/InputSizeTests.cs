using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Backbones;

public sealed class InputSizeTests
{
    private static readonly BackboneCatalogue Catalogue = new();

    [Fact]
    public void Image_below_the_minimum_is_upsampled_and_says_so()
    {
        var size = InputSize.For(Catalogue.Find("vgg16")!, imageSize: 28);

        size.IsUpsampled.ShouldBeTrue();
        size.ToString().ShouldBe("28 px upsampled to 32 px");
        using var images = ones(2, 3, 28, 28);
        using var upsampled = size.Apply(images);
        upsampled.shape.ShouldBe([2, 3, 32, 32]);
        upsampled.min().item<float>().ShouldBe(1, tolerance: 1e-6);
    }

    [Fact]
    public void Upsampling_is_bilinear_between_pixel_centres()
    {
        using var scope = NewDisposeScope();
        var images = tensor(new float[] { 0, 4, 8, 12 }, [1, 1, 2, 2]);

        var row = new InputSize(2, 4).Apply(images)[0, 0, 0];

        row.Numbers().ShouldBe([0, 1, 3, 4]);
    }

    [Fact]
    public void Large_enough_image_passes_untouched()
    {
        using var images = ones(1, 3, 32, 32);

        var size = InputSize.For(Catalogue.Find("resnet8")!, imageSize: 32);

        size.IsUpsampled.ShouldBeFalse();
        size.Apply(images).ShouldBeSameAs(images);
    }
}
