using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Native;

public sealed class ErrorTests
{
    [Fact]
    public void A_failing_operator_throws_libtorchs_words()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ExternalException>(() => ones(2, 3).matmul(ones(4, 5))).Message
            .ShouldBe("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
    }

    [Fact]
    public void A_backward_pass_without_a_graph_throws_libtorchs_words() =>
        Should.Throw<ExternalException>(() => ones(1).backward()).Message.ShouldContain("does not require grad");

    [Fact]
    public void An_in_place_change_of_a_leaf_throws_libtorchs_words() =>
        Should.Throw<ExternalException>(() => ones(2, requires_grad: true).add_(1)).Message.ShouldContain("leaf Variable that requires grad");

    [Fact]
    public void Whole_numbers_cannot_require_gradients() =>
        Should.Throw<ExternalException>(() => arange(3).requires_grad_()).Message.ShouldContain("floating point");

    [Fact]
    public void An_impossible_amount_of_memory_is_an_exception_not_a_crash() =>
        Should.Throw<ExternalException>(() => empty(1L << 45)).Message.ShouldContain("memory");

    [Fact]
    public void An_operator_that_libtorch_lacks_is_named() =>
        Should.Throw<ExternalException>(() => new TorchSharp.Native.Operator("no_such_operator").Call()).Message.ShouldContain("aten::no_such_operator");

    [Fact]
    public void A_missing_argument_is_named() =>
        Should.Throw<ExternalException>(() => new TorchSharp.Native.Operator("add", "Tensor").Call(ones(1))).Message.ShouldContain("needs its argument 'other'");

    [Fact]
    public void Too_many_arguments_are_refused() =>
        Should.Throw<ExternalException>(() => new TorchSharp.Native.Operator("relu").Call(ones(1), 1L)).Message.ShouldContain("at most");

    [Fact]
    public void Errors_of_one_thread_do_not_reach_another()
    {
        using var failed = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            Should.Throw<ExternalException>(() => ones(2).matmul(ones(3)));
            failed.Set();
        });
        var mine = Record.Exception(() => ones(2, 3).matmul(ones(4, 5)));
        other.Start();
        failed.Wait();
        other.Join();
        mine!.Message.ShouldContain("2x3 and 4x5");
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var tensor = ones(1);
        tensor.Dispose();
        Should.Throw<ObjectDisposedException>(() => tensor + 1);
    }

    [Fact]
    public void No_CUDA_device_is_reported_where_there_is_none()
    {
        cuda.is_available().ShouldBe(cuda.device_count() > 0);
        if (!cuda.is_available())
        {
            Should.Throw<ExternalException>(() => ones(1).cuda());
        }
    }
}
