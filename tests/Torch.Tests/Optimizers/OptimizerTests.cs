using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optimizers;

public sealed class OptimizerTests
{
    private static readonly Dictionary<string, Case> Goldens = Golden.Load<Case>("optimizers");

    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>> Optimizers = new(StringComparer.Ordinal)
    {
        ["SGD"] = p => optim.SGD(p, 0.1),
        ["SGD_momentum"] = p => optim.SGD(p, 0.1, momentum: 0.9, weight_decay: 0.01),
        ["SGD_dampening"] = p => optim.SGD(p, 0.1, momentum: 0.9, dampening: 0.3),
        ["SGD_nesterov"] = p => optim.SGD(p, 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01),
        ["SGD_maximize"] = p => optim.SGD(p, 0.01, momentum: 0.5, maximize: true),
        ["Adam"] = p => optim.Adam(p, 0.05, beta2: 0.999),
        ["Adam_decay"] = p => optim.Adam(p, 0.05, 0.8, 0.95, weight_decay: 0.1),
        ["Adam_amsgrad"] = p => optim.Adam(p, 0.05, beta2: 0.999, amsgrad: true),
        ["AdamW"] = p => optim.AdamW(p, 0.05, beta2: 0.999, weight_decay: 0.1),
    };

    public static TheoryData<string> Names => [.. Goldens.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_PyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Goldens[name];
        var parameters = golden.Parameters();
        using var optimizer = Optimizers[name](parameters);
        golden.Run(parameters, optimizer, 0, 6);
        foreach (var (parameter, expected) in parameters.Zip(golden.End))
        {
            expected.ShouldEqual(parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_without_the_fused_kernels_are_PyTorchs_too(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Goldens[name];
        var parameters = golden.Parameters(float64);
        using var optimizer = Optimizers[name](parameters);
        golden.Run(parameters, optimizer, 0, 6);
        foreach (var (parameter, expected) in parameters.Zip(golden.End))
        {
            expected.ShouldEqual(parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_tensors_of_any_layout_are_stepped_alike(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var start = randn([40, 30, 9, 9], generator: generator);
        var gradient = randn([40, 30, 9, 9], generator: generator);
        var expected = Stepped(start.clone(), gradient.clone(), float64);
        var other = start.clone().transpose(0, 1);

        Stepped(start.clone(), gradient, float32).allclose(expected.to(float32), 1e-5, 1e-6).ShouldBeTrue();
        Stepped(other, gradient.transpose(0, 1), float32).allclose(expected.transpose(0, 1).to(float32), 1e-5, 1e-6).ShouldBeTrue();
        Stepped(other.contiguous(), gradient.transpose(0, 1), float32).allclose(expected.transpose(0, 1).to(float32), 1e-5, 1e-6).ShouldBeTrue();

        Tensor Stepped(Tensor from, Tensor direction, ScalarType type)
        {
            var parameter = new Parameter(from.to(type, copy: true));
            using var optimizer = Optimizers[name]([parameter]);
            for (var step = 0; step < 3; step++)
            {
                parameter.grad = direction.to(type) * (step + 1);
                optimizer.step();
            }
            return parameter;
        }
    }

    /// <summary>Their strides differ from the weights' only where they say nothing, in dimensions of size 1.</summary>
    [Fact]
    public void Gradients_of_pointwise_convolutions_of_channels_last_images_take_the_fused_step()
    {
        using var scope = NewDisposeScope();
        var (weight, gradient) = PointwiseConvolution();
        gradient.stride().ShouldNotBe(weight.stride());
        var expected = (weight.to(float64) - (gradient.to(float64) * 0.5)).detach();
        Fused.Sgd([weight], [gradient], null, new() { LearningRate = 0.5 }).ShouldBeTrue();
        weight.to(float64).allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
        Fused.Adam([weight], [gradient], [zeros_like(weight)], [zeros_like(weight)], null, new() { LearningRate = 0.1, Step = 1 }).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_of_pointwise_convolutions_of_channels_last_images_are_those_without_the_fused_kernels(string name)
    {
        using var scope = NewDisposeScope();
        var (weight, gradient) = PointwiseConvolution();
        var reference = new Parameter(weight.detach().to(float64));
        using var fused = Optimizers[name]([weight]);
        using var foreachs = Optimizers[name]([reference]);
        for (var step = 0; step < 3; step++)
        {
            weight.grad = gradient;
            reference.grad = gradient.to(float64);
            fused.step();
            foreachs.step();
        }
        weight.to(float64).allclose(reference, 1e-5, 1e-6).ShouldBeTrue();
    }

    /// <summary>Large enough for oneDNN, which leaves smaller ones to a kernel that ignores the order of the channels.</summary>
    private static (Parameter Weight, Tensor Gradient) PointwiseConvolution()
    {
        using var generator = new Generator(3);
        var weight = new Parameter(randn([64, 32, 1, 1], generator: generator));
        var images = randn([16, 16, 16, 32], generator: generator).permute(0, 3, 1, 2);
        nn.functional.conv2d(images, weight).square().mean().backward();
        return (weight, weight.grad!);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_state_continues_with_the_same_bits(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Goldens[name];
        var through = golden.Parameters();
        using var straight = Optimizers[name](through);
        golden.Run(through, straight, 0, 6);

        var before = golden.Parameters();
        using var first = Optimizers[name](before);
        golden.Run(before, first, 0, 3);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        first.save_state_dict(writer);
        stream.Position = 0;
        var after = before.Select(parameter => new Parameter(parameter.detach().clone())).ToArray();
        using var second = Optimizers[name](after);
        using var reader = new BinaryReader(stream);
        second.load_state_dict(reader);
        golden.Run(after, second, 3, 6);

        foreach (var (resumed, expected) in after.Zip(through))
        {
            resumed.equal(expected).ShouldBeTrue();
        }
    }

    [Fact]
    public void State_of_another_optimizer_is_refused()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(ones(2))];
        using var adam = optim.Adam(parameters);
        using var sgd = optim.SGD(parameters, 0.1);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        adam.save_state_dict(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Should.Throw<InvalidDataException>(() => sgd.load_state_dict(reader)).Message.ShouldBe(
            "the stream holds the state of Adam with 1 groups and 1 parameters; this is SGD with 1 and 1");
    }

    [Fact]
    public void The_learning_rate_can_be_changed_between_steps()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 0.5);
        parameter.grad = ones(1);
        optimizer.step();
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = 0.25;
        }
        optimizer.step();
        parameter.item<float>().ShouldBe(-0.75f);
    }

    [Fact]
    public void Every_golden_has_its_optimizer() => Optimizers.Keys.Order(StringComparer.Ordinal).ShouldBe(Goldens.Keys.Order(StringComparer.Ordinal));

    /// <summary>Steps on mean((x w + Σ c + b − y)²); b has no part in the second step.</summary>
    private sealed record Case(Golden[] Start, Golden X, Golden Y, Golden[] End)
    {
        public Parameter[] Parameters(ScalarType? type = null) => [.. Start.Select(start => new Parameter(start.AsTensor(type)))];

        public void Run(Parameter[] parameters, OptimizerHelper optimizer, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var type = parameters[0].dtype;
                var output = X.AsTensor(type).matmul(parameters[0]) + parameters[2].sum([0, 1]);
                if (step != 1)
                {
                    output += parameters[1];
                }
                (output - Y.AsTensor(type)).square().mean().backward();
                optimizer.step();
            }
        }
    }
}
