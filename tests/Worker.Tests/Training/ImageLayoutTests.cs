using NeuralCapacitance.Worker.Training;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class ImageLayoutTests
{
    [Fact]
    public void On_a_cpu_channels_become_innermost_and_every_pixel_stays_the_same()
    {
        using var scope = NewDisposeScope();
        var images = arange(2 * 3 * 4 * 4, dtype: ScalarType.Float32).reshape(2, 3, 4, 4);

        var laid = ImageLayout.FastestFor(CPU, images);

        laid.shape.ShouldBe([2L, 3L, 4L, 4L]);
        laid.stride().ShouldBe([48L, 1L, 12L, 3L]);
        laid.Numbers().ShouldBe(images.Numbers());
    }
}
