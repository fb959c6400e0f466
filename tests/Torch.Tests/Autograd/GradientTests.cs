using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public sealed class GradientTests
{
    [Fact]
    public void Recording_is_off_inside_no_grad_and_on_again_after_it()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
            {
                (x * 2).requires_grad.ShouldBeTrue();
            }
            is_grad_enabled().ShouldBeFalse();
        }
        (x * 2).requires_grad.ShouldBeTrue();
        using (inference_mode())
        {
            (x * 2).requires_grad.ShouldBeFalse();
        }
        (x * 2).requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void Gradients_can_be_asked_for_without_leaving_them_on_the_leaves()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, 2f], requires_grad: true);
        var unused = ones(1, requires_grad: true);
        var gradients = autograd.grad([(x * x).sum()], [x, unused], allow_unused: true);
        gradients[0].data<float>().ToArray().ShouldBe([2, 4]);
        gradients[1].ShouldBeNull();
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void Gradients_of_gradients_exist()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f], requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        autograd.grad([first.sum()], [x])[0].item<float>().ShouldBe(18);
    }

    [Fact]
    public void Gradients_add_up_until_they_are_forgotten()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        (x * 2).sum().backward();
        (x * 3).sum().backward();
        x.grad!.item<float>().ShouldBe(5);
        x.grad = null;
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void A_frozen_parameter_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 2);
        linear.weight.requires_grad = false;
        linear.call(ones(1, 2)).sum().backward();
        linear.weight.grad.ShouldBeNull();
        linear.bias!.grad.ShouldNotBeNull();
    }
}
