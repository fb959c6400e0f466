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

    [Fact]
    public void On_a_cpu_weights_of_convolutions_follow_and_stay_the_same_parameters()
    {
        using var scope = NewDisposeScope();
        using var backbone = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8, 2));
        var before = backbone.parameters().Select(parameter => (Parameter: parameter, Values: parameter.Numbers())).ToArray();

        var laid = ImageLayout.FastestFor(CPU, backbone);

        laid.ShouldBeSameAs(backbone);
        laid.parameters().First().stride().ShouldBe([27L, 1L, 9L, 3L]);
        foreach (var (after, (parameter, values)) in laid.parameters().Zip(before))
        {
            after.ShouldBeSameAs(parameter);
            after.Numbers().ShouldBe(values);
            after.requires_grad.ShouldBeTrue();
        }
    }
}
