using TorchSharp.Extensions;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Extensions;

public sealed class ChannelsLastTests
{
    [Fact]
    public void A_module_in_channels_last_computes_and_learns_the_same()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Conv2d(3, 8, 3, bias: false), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten());
        using var other = nn.Sequential(nn.Conv2d(3, 8, 3, bias: false), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten());
        other.load_state_dict(model.state_dict());
        other.ToChannelsLast();
        other.parameters().First().stride().ShouldBe([27, 1, 9, 3]);
        var input = rand(2, 3, 8, 8);
        foreach (var (network, images) in new[] { (model, input), (other, input.ToChannelsLast()) })
        {
            using var optimizer = optim.SGD(network.parameters(), 0.1, momentum: 0.9);
            for (var step = 0; step < 3; step++)
            {
                optimizer.zero_grad();
                network.call(images).square().sum().backward();
                optimizer.step();
            }
        }
        other.call(input).allclose(model.call(input), 1e-4, 1e-5).ShouldBeTrue();
    }
}
