using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Probe;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Probe;

[Collection(OwnGenerator.Name)]
public sealed class NeuralCapacitanceProbeTests
{
    [Fact]
    public void Has_the_papers_layers()
    {
        using var probe = new NeuralCapacitanceProbe(64, new ProbeSpec(), classes: 10);

        probe.state_dict().Select(entry => $"{entry.Key} {string.Join("×", entry.Value.shape)}").ShouldBe(
        [
            "layers.dense1.weight 256×64", "layers.dense1.bias 256",
            "layers.norm1.weight 256", "layers.norm1.bias 256",
            "layers.norm1.running_mean 256", "layers.norm1.running_var 256", "layers.norm1.num_batches_tracked ",
            "layers.dense2.weight 128×256", "layers.dense2.bias 128",
            "layers.norm2.weight 128", "layers.norm2.bias 128",
            "layers.norm2.running_mean 128", "layers.norm2.running_var 128", "layers.norm2.num_batches_tracked ",
            "layers.dense3.weight 10×128", "layers.dense3.bias 10",
        ], ignoreOrder: true);
    }

    [Fact]
    public void Gradients_pass_through_but_nothing_in_it_learns()
    {
        using var scope = NewDisposeScope();
        using var probe = new NeuralCapacitanceProbe(8, new ProbeSpec { Hidden = [6, 5] }, classes: 3);
        var features = randn([7, 8], requires_grad: true);

        nn.functional.cross_entropy(probe.call(features), zeros(7, ScalarType.Int64)).backward();

        features.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
        probe.parameters().ShouldAllBe(parameter => !parameter.requires_grad);
        probe.parameters().Count(parameter => parameter.grad is not null).ShouldBe(0);
    }

    [Fact]
    public void Running_statistics_follow_the_features_in_train_mode_only()
    {
        using var scope = NewDisposeScope();
        using var probe = new NeuralCapacitanceProbe(8, new ProbeSpec { Hidden = [6, 5] }, classes: 3);
        double[] Statistics() => [.. probe.buffers().SelectMany(buffer => buffer.Numbers())];
        var initial = Statistics();

        probe.eval();
        probe.call(randn(7, 8));
        Statistics().ShouldBe(initial);

        probe.train();
        probe.call(randn(7, 8));
        Statistics().ShouldNotBe(initial);
    }

    [Fact]
    public void Weights_are_kaiming_normal_with_zero_bias()
    {
        manual_seed(5);
        using var probe = new NeuralCapacitanceProbe(400, new ProbeSpec(), classes: 10);

        foreach (var dense in probe.Dense)
        {
            var weights = dense.weight!.Numbers();
            var deviation = Math.Sqrt(weights.Average(w => w * w) * dense.weight!.shape[1] / 2);
            deviation.ShouldBe(1, tolerance: 4 / Math.Sqrt(2.0 * weights.Length));
            dense.bias!.Numbers().ShouldAllBe(value => value == 0);
        }
    }

    [Fact]
    public void One_hidden_layer_has_no_beta()
    {
        var thrown = Should.Throw<ArgumentException>(() => new NeuralCapacitanceProbe(8, new ProbeSpec { Hidden = [6] }, classes: 3));

        thrown.Message.ShouldContain("at least two hidden layers");
    }
}
