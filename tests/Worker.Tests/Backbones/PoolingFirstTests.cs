using NeuralCapacitance.Worker.Backbones;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Backbones;

/// <summary>Layers that take a ReLU after the max pooling behind it, beside the same in <c>torch.nn.Sequential</c>.</summary>
public sealed class PoolingFirstTests
{
    [Fact]
    public void Outputs_and_gradients_have_the_bits_of_layers_in_order()
    {
        using var scope = NewDisposeScope();
        using var pooling = new PoolingFirst(Layers());
        using var inOrder = Sequential(Layers());
        Fill.StateOf(pooling);
        inOrder.load_state_dict(pooling.state_dict());
        var images = Images();

        foreach (var network in new Module<Tensor, Tensor>[] { pooling, inOrder })
        {
            network.train();
            network.call(images).pow(2).sum().backward();
        }

        pooling.call(images).Numbers().ShouldBe(inOrder.call(images).Numbers());
        pooling.named_parameters().Select(entry => (entry.name, entry.parameter.grad!.Numbers().Count(number => number != 0)))
            .ShouldAllBe(entry => entry.Item2 > 0);
        foreach (var (mine, theirs) in pooling.parameters().Zip(inOrder.parameters()))
            mine.grad!.Numbers().ShouldBe(theirs.grad!.Numbers());
    }

    [Theory]
    [InlineData(false, 8, 4)]
    [InlineData(true, 4, 2)]
    public void A_ReLU_sees_every_unit_where_no_gradient_is_recorded(bool isRecorded, long first, long second)
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(isRecorded);
        using var pooling = new PoolingFirst(Layers());
        var heights = new List<long>();
        foreach (var relu in pooling.children().OfType<TorchSharp.Modules.ReLU>())
            relu.register_forward_hook((_, _, output) =>
            {
                heights.Add(output.shape[2]);
                return output;
            });

        pooling.call(Images());

        heights.ShouldBe([first, second]);
    }

    private static Module<Tensor, Tensor>[] Layers() =>
    [
        Conv2d(3, 4, 3, padding: 1, bias: false), BatchNorm2d(4), ReLU(inplace: true),
        MaxPool2d(2), Conv2d(4, 6, 3, padding: 1), ReLU(inplace: true), MaxPool2d(2),
    ];

    /// <summary>Some of them so dark that whole windows are below zero.</summary>
    private static Tensor Images() => randn([5, 3, 8, 8], generator: new Generator(7)) - arange(5).view(5, 1, 1, 1);
}
