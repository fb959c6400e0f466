using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void Components_are_registered_under_their_fields_names_in_their_order()
    {
        using var block = new Block();
        block.named_parameters().Select(pair => pair.name).ShouldBe(["scale", "conv1.weight", "conv1.bias", "norm.weight", "norm.bias", "rest.0.weight", "rest.1.weight"]);
        block.named_buffers().Select(pair => pair.name).ShouldBe(["offset", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"]);
        block.named_children().Select(pair => pair.name).ShouldBe(["conv1", "norm", "rest"]);
        block.named_modules().Select(pair => pair.name).ShouldBe(["conv1", "norm", "rest", "rest.0", "rest.1"]);
        block.modules().Count().ShouldBe(5);
        block.state_dict().Count.ShouldBe(11);
    }

    [Fact]
    public void Mode_reaches_every_descendant()
    {
        using var block = new Block();
        block.training.ShouldBeTrue();
        block.eval();
        block.modules().ShouldAllBe(module => !module.training);
        block.train();
        block.modules().ShouldAllBe(module => module.training);
    }

    [Fact]
    public void State_of_one_module_makes_another_equal()
    {
        using var scope = NewDisposeScope();
        using var first = new Block();
        using var second = new Block();
        second.load_state_dict(first.state_dict());
        var input = rand(2, 1, 4, 4);
        second.call(input).equal(first.call(input)).ShouldBeTrue();
    }

    [Fact]
    public void State_that_does_not_fit_is_refused_with_the_names()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 2);
        var before = linear.weight.clone();
        var source = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["weight"] = ones(2, 2), ["extra"] = ones(1) };
        Should.Throw<InvalidOperationException>(() => linear.load_state_dict(source)).Message
            .ShouldBe("the state does not fit Linear: it lacks [bias] and has [extra] too much");
        linear.weight.equal(before).ShouldBeTrue();
        var (missing, unexpected) = linear.load_state_dict(source, strict: false);
        missing.ShouldBe(["bias"]);
        unexpected.ShouldBe(["extra"]);
        linear.weight.equal(ones(2, 2)).ShouldBeTrue();
        source["weight"] = ones(3, 2);
        Should.Throw<InvalidOperationException>(() => linear.load_state_dict(source, strict: false)).Message.ShouldContain("'weight' of Linear is [2x2]");
    }

    [Fact]
    public void A_converted_module_keeps_its_parameter_objects_and_gradients()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2));
        model.call(ones(3, 2)).sum().backward();
        var parameters = model.parameters().ToList();
        model.to(float64).ShouldBeSameAs(model);
        model.parameters().ShouldBe(parameters);
        parameters.ShouldAllBe(parameter => parameter.dtype == float64 && parameter.requires_grad && parameter.is_leaf && parameter.grad!.dtype == float64);
        model.named_buffers().Select(pair => pair.buffer.dtype).ShouldBe([float64, float64, int64]);
        model.call(ones([3, 2], float64)).dtype.ShouldBe(float64);
    }

    [Fact]
    public void Apply_visits_children_first()
    {
        using var block = new Block();
        var visited = new List<string>();
        block.apply(module => visited.Add(module.GetName()));
        visited.ShouldBe(["Conv2d", "BatchNorm2d", "Conv2d", "Conv2d", "ModuleList", "Block"]);
    }

    [Fact]
    public void A_shared_module_is_listed_once()
    {
        using var linear = nn.Linear(1, 1);
        using var model = nn.Sequential(linear, nn.ReLU(), linear);
        model.parameters().Count().ShouldBe(2);
    }

    [Fact]
    public void Gradients_are_forgotten_or_zeroed()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(1, 1);
        linear.call(ones(1, 1)).sum().backward();
        linear.zero_grad(set_to_none: false);
        linear.weight.grad!.item<float>().ShouldBe(0);
        linear.zero_grad();
        linear.weight.grad.ShouldBeNull();
    }

    [Fact]
    public void A_sequence_disposes_what_it_passes_on_but_never_its_input()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Identity(), nn.ReLU(inplace: true), nn.Flatten(), nn.Dropout());
        var input = ones(2, 2);
        var before = scope.DisposablesCount;
        var output = model.call(input);
        input.IsInvalid.ShouldBeFalse();
        output.IsInvalid.ShouldBeFalse();
        scope.DisposablesCount.ShouldBe(before + 1);
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = new(ones(1));
        private readonly Tensor offset = zeros(1);
        private readonly Conv2d conv1 = nn.Conv2d(1, 2, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> norm = nn.BatchNorm2d(2);
        private readonly ModuleList<nn.Module<Tensor, Tensor>> rest = nn.ModuleList<nn.Module<Tensor, Tensor>>(
            nn.Conv2d(2, 2, 1, bias: false), nn.Conv2d(2, 1, 1, bias: false));

        public Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = norm.call(conv1.call(input));
            foreach (var step in rest)
            {
                x = step.call(x);
            }
            return ((x * scale) + offset).MoveToOuterDisposeScope();
        }
    }
}
