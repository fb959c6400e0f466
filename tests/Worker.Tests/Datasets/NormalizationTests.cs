using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Worker.Datasets;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class NormalizationTests
{
    [Fact]
    public void Pixels_become_what_torchvision_makes_of_them()
    {
        var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ImageFolderFixture.Goldens, "images.json"))).RootElement.GetProperty("normalization");
        var expected = golden.GetProperty("expected").Deserialize<float[]>()!;
        using var scope = NewDisposeScope();
        var pixels = empty(1, 3, 2, 2, dtype: ScalarType.Byte);
        golden.GetProperty("pixels").EnumerateArray().Select(e => e.GetByte()).ToArray().CopyTo(pixels.bytes);

        var actual = Normalization.Apply(pixels, PixelScaling.ImageNet, CPU);

        actual.dtype.ShouldBe(ScalarType.Float32);
        actual.shape.ShouldBe([1, 3, 2, 2]);
        actual.data<float>().ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Symmetric_unit_maps_black_to_minus_one_and_white_to_one()
    {
        using var scope = NewDisposeScope();
        var pixels = empty(1, 3, 1, 1, dtype: ScalarType.Byte);
        new byte[] { 0, 51, 255 }.CopyTo(pixels.bytes);

        Normalization.Apply(pixels, PixelScaling.SymmetricUnit, CPU).data<float>().ToArray().ShouldBe([-1f, -0.6f, 1f], 1e-6);
    }
}
