using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training.Optimization;

public sealed class FlatOptimizerTests
{
    private static readonly JsonElement golden = Golden.Read("optimizers.json");

    /// <summary>Also a gradient that a step does not touch: it is zero, as after <c>zero_grad(set_to_none=False)</c>.</summary>
    [Theory]
    [CombinedData]
    public void Steps_are_PyTorchs(int index, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var @case = golden.GetProperty("cases")[index];
        var parameters = Parameters();
        using var optimizer = Optimizers.Create(SpecOf(@case), parameters, channelsLast);
        foreach (var (gradients, expected) in golden.GetProperty("gradients").EnumerateArray().Zip(@case.GetProperty("path").EnumerateArray()))
        {
            Step(optimizer, parameters, gradients);
            foreach (var (name, parameter) in parameters) parameter.Numbers().ShouldBeNear(expected.GetProperty(name).Numbers(), relative: 1e-6);
        }
    }

    [Theory]
    [CombinedData]
    public void State_goes_on_with_the_same_bits_in_the_other_order_of_memory_too(int index, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var @case = golden.GetProperty("cases")[index];
        JsonElement[] gradients = [.. golden.GetProperty("gradients").EnumerateArray()];
        var parameters = Parameters();
        using var straight = Optimizers.Create(SpecOf(@case), parameters, channelsLast);
        Step(straight, parameters, gradients[0]);
        Step(straight, parameters, gradients[1]);
        var resumed = parameters.ConvertAll(p => (p.Name, new Parameter(p.Parameter.detach().clone())));
        using var other = Optimizers.Create(SpecOf(@case), resumed, !channelsLast);

        other.Load(straight.State().ToDictionary(t => t.Key, t => t.Value.clone(), StringComparer.Ordinal));
        foreach (var next in gradients[2..])
        {
            Step(straight, parameters, next);
            Step(other, resumed, next);
        }

        foreach (var ((_, here), (_, there)) in parameters.Zip(resumed)) there.Numbers().ShouldBe(here.Numbers());
    }

    /// <summary>A step takes large tensors piece by piece: no element may be left out or stepped twice.</summary>
    [Fact]
    public void Every_element_of_a_large_network_is_stepped_once()
    {
        using var scope = NewDisposeScope();
        var parameters = new List<(string, Parameter)> { ("a", new(zeros(300, 301, 3, 1))), ("b", new(zeros(7))), ("c", new(zeros(200_000))) };
        using var optimizer = Optimizers.Create(new TrainingSpec { Optimizer = "sgd", LearningRate = 1, Momentum = 0 }, parameters, channelsLast: true);
        foreach (var (_, parameter) in parameters) (-parameter).sum().backward();

        optimizer.Step();

        foreach (var (_, parameter) in parameters) parameter.detach().eq(1).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Parameters_stay_the_modules_own()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Sequential(("conv", nn.Conv2d(3, 8, 3)), ("flatten", nn.Flatten()), ("frozen", nn.Linear(8, 2)));
        foreach (var parameter in module.named_children().Last().module.parameters()) parameter.requires_grad = false;
        var before = State();
        var learning = module.named_parameters().Where(p => p.parameter.requires_grad).ToList();

        using var optimizer = Optimizers.Create(new TrainingSpec { Optimizer = "sgd", LearningRate = 0.1 }, learning, channelsLast: true);

        State().Keys.ShouldBe(before.Keys);
        foreach (var (name, values) in State()) values.ShouldBe(before[name]);
        learning[0].parameter.stride().ShouldBe([27L, 1L, 9L, 3L]);
        module.parameters().Count(p => p.requires_grad).ShouldBe(2);

        module.call(randn(2, 3, 3, 3)).sum().backward();
        optimizer.Step();

        State().Where(t => !t.Value.SequenceEqual(before[t.Key])).Select(t => t.Key).ShouldBe(["conv.weight", "conv.bias"]);

        // Shape, then values.
        Dictionary<string, double[]> State() => module.state_dict().ToDictionary(t => t.Key, t => (double[])[.. t.Value.shape.Select(side => (double)side), .. t.Value.Numbers()], StringComparer.Ordinal);
    }

    [Fact]
    public void Another_optimizer_is_refused_with_what_is_accepted()
        => Should.Throw<ArgumentException>(() => Optimizers.Create(new TrainingSpec { Optimizer = "lion" }, [], channelsLast: false)).Message.ShouldContain("'sgd', 'adam' and 'adamw'");

    private static List<(string Name, Parameter Parameter)> Parameters()
        => [.. golden.GetProperty("start").EnumerateObject().Select(p => (p.Name, new Parameter(AsTensor(p))))];

    private static Tensor AsTensor(JsonProperty values)
        => tensor(values.Value.Numbers(), [.. golden.GetProperty("shapes").GetProperty(values.Name).Numbers().Select(side => (long)side)], ScalarType.Float32);

    private static void Step(FlatOptimizer optimizer, List<(string Name, Parameter Parameter)> parameters, JsonElement gradients)
    {
        optimizer.ZeroGrad();
        foreach (var gradient in gradients.EnumerateObject())
            parameters.Find(p => string.Equals(p.Name, gradient.Name, StringComparison.Ordinal)).Parameter.mul(AsTensor(gradient)).sum().backward();
        optimizer.Step();
    }

    private static TrainingSpec SpecOf(JsonElement @case) => new()
    {
        Optimizer = @case.GetProperty("optimizer").GetString()!,
        LearningRate = golden.GetProperty("learningRate").GetDouble(),
        Momentum = @case.GetProperty("momentum").GetDouble(),
        WeightDecay = @case.GetProperty("weightDecay").GetDouble(),
    };

    /// <summary>Every golden, in both orders of memory.</summary>
    private sealed class CombinedDataAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
            => from index in Enumerable.Range(0, golden.GetProperty("cases").GetArrayLength()) from last in new[] { false, true } select new object[] { index, last };
    }
}
