using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Training;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class MemoryLayoutTests
{
    [Fact]
    public void Channels_become_innermost_and_every_pixel_stays_the_same()
    {
        using var scope = NewDisposeScope();
        var images = arange(2 * 3 * 4 * 4, dtype: ScalarType.Float32).reshape(2, 3, 4, 4);

        var laid = new MemoryLayout(ImagesLast: true, WeightsLast: true).Lay(images);

        laid.shape.ShouldBe([2L, 3L, 4L, 4L]);
        laid.stride().ShouldBe([48L, 1L, 12L, 3L]);
        laid.Numbers().ShouldBe(images.Numbers());
    }

    [Fact]
    public void On_a_gpu_nothing_is_reordered()
        => new BackboneCatalogue().All.Select(backbone => MemoryLayout.Of(backbone.Family, TorchSharp.DeviceType.CUDA)).Distinct().ShouldBe([new MemoryLayout(false, false)]);
}
