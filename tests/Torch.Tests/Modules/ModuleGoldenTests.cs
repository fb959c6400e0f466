using static TorchSharp.torch;

namespace TorchSharp.Tests.Modules;

public sealed class ModuleGoldenTests
{
    private static readonly Dictionary<string, Case> Goldens = Golden.Load<Case>("modules");

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Modules = new(StringComparer.Ordinal)
    {
        ["Conv2d"] = () => nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), groups: 2),
        ["Conv2d_reflect"] = () => nn.Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false),
        ["Linear"] = () => nn.Linear(4, 3),
        ["BatchNorm2d"] = () => nn.BatchNorm2d(3),
        ["BatchNorm2d_eps"] = () => nn.BatchNorm2d(3, 1e-3, 0.01),
        ["BatchNorm1d"] = () => nn.BatchNorm1d(3),
        ["ReLU"] = () => nn.ReLU(),
        ["ReLU6"] = () => nn.ReLU6(),
        ["MaxPool2d"] = () => nn.MaxPool2d(3, 2, 1),
        ["AvgPool2d"] = () => nn.AvgPool2d(2),
        ["AdaptiveAvgPool2d"] = () => nn.AdaptiveAvgPool2d((2, 1)),
        ["Flatten"] = () => nn.Flatten(),
        ["Identity"] = () => nn.Identity(),
        ["Softmax"] = () => nn.Softmax(1),
        ["ZeroPad2d"] = () => nn.ZeroPad2d((1, 0, 2, 1)),
        ["Sequential"] = () => nn.Sequential(
            nn.Conv2d(2, 4, 3, bias: false), nn.BatchNorm2d(4), nn.ReLU(inplace: true), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 3)),
    };

    public static TheoryData<string> Names => [.. Goldens.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_gradients_and_buffers_are_PyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Goldens[name];
        using var module = Modules[name]();
        var state = module.state_dict();
        state.Keys.Order(StringComparer.Ordinal).ShouldBe(golden.State.Keys.Order(StringComparer.Ordinal));
        module.load_state_dict(golden.InitialState(state));
        var input = golden.Input.AsTensor();

        var output = module.call(input);
        golden.Output.ShouldEqual(output);
        (output * golden.Cotangent.AsTensor()).sum().backward();

        golden.Input.Gradient.ShouldEqual(input.grad!, what: "gradient of the input");
        module.named_parameters().Select(pair => pair.name).ShouldBe(golden.Gradients.Keys);
        foreach (var (parameterName, parameter) in module.named_parameters())
        {
            golden.Gradients[parameterName].ShouldEqual(parameter.grad!, what: parameterName);
        }
        module.named_buffers().Select(pair => pair.name).ShouldBe(golden.Buffers.Keys);
        foreach (var (bufferName, buffer) in module.named_buffers())
        {
            golden.Buffers[bufferName].ShouldEqual(buffer, what: bufferName);
        }
        module.eval();
        golden.Evaluated.ShouldEqual(module.call(input), what: "in evaluation");
    }

    [Fact]
    public void Every_golden_has_its_module() => Modules.Keys.Order(StringComparer.Ordinal).ShouldBe(Goldens.Keys.Order(StringComparer.Ordinal));

    private sealed record InputCase(long[] Shape, double[] Values, Golden Gradient)
    {
        public Tensor AsTensor() => new Golden(Shape, Values).AsTensor().requires_grad_();
    }

    private sealed record Case(
        Golden Output, Golden Cotangent, InputCase Input, Golden Evaluated,
        Dictionary<string, Golden> State, Dictionary<string, Golden> Gradients, Dictionary<string, Golden> Buffers)
    {
        public Dictionary<string, Tensor> InitialState(Dictionary<string, Tensor> like) =>
            State.ToDictionary(pair => pair.Key, pair => pair.Value.AsTensor(like[pair.Key].dtype), StringComparer.Ordinal);
    }
}
