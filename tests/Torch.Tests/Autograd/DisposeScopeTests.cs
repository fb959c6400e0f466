using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_closing_scope_disposes_what_was_made_inside()
    {
        Tensor inside, detached;
        using (var scope = NewDisposeScope())
        {
            inside = ones(2);
            detached = (inside + 1).DetachFromDisposeScope();
            scope.DisposablesCount.ShouldBe(1);
        }
        inside.IsInvalid.ShouldBeTrue();
        detached.IsInvalid.ShouldBeFalse();
        detached.Dispose();
    }

    [Fact]
    public void A_tensor_moved_out_belongs_to_the_outer_scope()
    {
        Tensor result;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                result = (ones(2) * 3).MoveToOuterDisposeScope();
            }
            result.IsInvalid.ShouldBeFalse();
            outer.Contains(result).ShouldBeTrue();
        }
        result.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_lives_on()
    {
        Tensor result;
        using (NewDisposeScope())
        {
            result = ones(2).MoveToOuterDisposeScope();
        }
        result.IsInvalid.ShouldBeFalse();
        result.Dispose();
    }

    [Fact]
    public void Parameters_outlive_the_scope_in_which_their_module_was_made()
    {
        nn.Module<Tensor, Tensor> module;
        using (NewDisposeScope())
        {
            module = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1));
        }
        module.state_dict().Values.ShouldAllBe(tensor => !tensor.IsInvalid);
        module.Dispose();
        module.state_dict().Values.ShouldAllBe(tensor => tensor.IsInvalid);
    }

    [Fact]
    public void Some_tensors_can_be_kept_while_the_rest_goes()
    {
        using var scope = NewDisposeScope();
        var kept = ones(1);
        var dropped = ones(1);
        scope.DisposeEverythingBut(kept);
        kept.IsInvalid.ShouldBeFalse();
        dropped.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Scopes_of_other_threads_are_not_touched()
    {
        using var mine = NewDisposeScope();
        Tensor? others = null;
        var thread = new Thread(() => others = ones(1));
        thread.Start();
        thread.Join();
        mine.DisposablesCount.ShouldBe(0);
        others!.Dispose();
    }

    [Fact]
    public void In_place_operators_return_the_same_object()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(2);
        tensor.add_(1).mul_(2).ShouldBeSameAs(tensor);
        tensor.data<float>().ToArray().ShouldBe([4, 4]);
    }
}
