using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

public sealed class LayersTests
{
    [Theory]
    [InlineData(2, 2)] // as they are
    [InlineData(2, 3)]
    [InlineData(4, 4)]
    public void Maps_are_pooled_as_by_AdaptiveAvgPool2d(long height, long width)
    {
        using var scope = NewDisposeScope();
        var maps = randn([3, 5, height, width], generator: new Generator(3));
        var (mine, theirs) = (maps.clone().requires_grad_(), maps.clone().requires_grad_());
        using var pool = Sequential(Layers.PoolAndFlatten(poolTo: 2));

        var (pooled, expected) = (pool.call(mine), functional.adaptive_avg_pool2d(theirs, 2).flatten(1));
        pooled.pow(2).sum().backward();
        expected.pow(2).sum().backward();

        pooled.Numbers().ShouldBe(expected.Numbers());
        mine.grad!.Numbers().ShouldBe(theirs.grad!.Numbers());
    }
}
