using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class OptimizersTests
{
    private readonly JsonElement golden = Golden.Read("optimizers.json");

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Three_steps_are_those_of_PyTorch(string name)
    {
        using var weights = new Parameter(tensor([.. golden.GetProperty("start").Numbers().Select(v => (float)v)]));
        using var optimizer = Optimizers.Create(Spec(name), [weights]);

        foreach (var (gradient, expected) in golden.GetProperty("gradients").EnumerateArray().Zip(golden.GetProperty("paths").GetProperty(name).EnumerateArray()))
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            weights.mul(tensor([.. gradient.Numbers().Select(v => (float)v)])).sum().backward();
            optimizer.step();
            weights.Numbers().ShouldBeNear(expected.Numbers(), relative: 1e-6);
        }
    }

    [Fact]
    public void Another_optimizer_is_refused_with_what_is_accepted()
        => Should.Throw<ArgumentException>(() => Optimizers.Create(Spec("lion"), [])).Message.ShouldContain("'sgd', 'adam' and 'adamw'");

    private TrainingSpec Spec(string optimizer) => new()
    {
        Optimizer = optimizer,
        LearningRate = golden.GetProperty("learningRate").GetDouble(),
        Momentum = golden.GetProperty("momentum").GetDouble(),
        WeightDecay = golden.GetProperty("weightDecay").GetDouble(),
    };
}
