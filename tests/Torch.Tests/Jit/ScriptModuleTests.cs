using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Jit;

public sealed class ScriptModuleTests
{
    private static readonly Case Expected = Golden.Read<Case>("script");

    [Fact]
    public void A_scripted_module_computes_and_learns_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(Golden.PathOf("scripted.pt"));
        var input = Expected.Input.AsTensor();
        module.eval();
        Expected.Evaluated.ShouldEqual(module.call(input));
        module.train();
        var trained = module.call(input);
        Expected.Trained.ShouldEqual(trained);
        trained.sum().backward();
        module.named_parameters().Select(pair => pair.name).ShouldBe(Expected.Parameters.Keys, ignoreOrder: true);
        foreach (var (name, parameter) in module.named_parameters())
        {
            Expected.Parameters[name].ShouldEqual(parameter, what: name);
            Expected.Gradients[name].ShouldEqual(parameter.grad!, what: name);
        }
    }

    [Fact]
    public void An_optimizer_changes_what_a_scripted_module_computes()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(Golden.PathOf("scripted.pt"));
        var input = Expected.Input.AsTensor();
        var before = module.call(input).sum();
        before.backward();
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        optimizer.step();
        module.call(input).sum().ToDouble().ShouldBeLessThan(before.ToDouble());
    }

    /// <summary>To another type, which every machine has; another device goes the same way.</summary>
    [Fact]
    public void A_scripted_module_that_was_converted_computes_and_learns_with_the_tensors_that_it_lists()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(Golden.PathOf("scripted.pt"));
        var input = Expected.Input.AsTensor();
        module.call(input).sum().backward();
        module.to(float64).eval();
        module.parameters().ShouldAllBe(parameter => parameter.dtype == float64 && parameter.grad!.dtype == float64);

        var before = module.call(input.to(float64));
        before.dtype.ShouldBe(float64);
        Expected.Parameters.Count.ShouldBe(module.parameters().Count());
        using (no_grad())
        {
            foreach (var parameter in module.parameters())
            {
                parameter.zero_();
            }
        }
        module.call(input.to(float64)).equal(before).ShouldBeFalse();
    }

    [Fact]
    public void A_submodule_outlives_its_root_and_shares_its_tensors()
    {
        using var scope = NewDisposeScope();
        var root = jit.load(Golden.PathOf("scripted.pt"));
        var descendants = root.named_modules().ToList();
        descendants.Select(pair => pair.name).ShouldNotContain("");
        foreach (var (prefix, module) in descendants)
        {
            module.named_parameters().Select(pair => $"{prefix}.{pair.name}")
                .ShouldBe(Expected.Parameters.Keys.Where(key => key.StartsWith(prefix + ".", StringComparison.Ordinal)), ignoreOrder: true);
        }

        var (name, first) = descendants.First(pair => pair.module.parameters().Any());
        using (no_grad())
        {
            first.parameters().First().zero_();
        }
        root.named_parameters().First(pair => pair.name.StartsWith(name + ".", StringComparison.Ordinal)).parameter.abs().sum().ToDouble().ShouldBe(0);

        root.Dispose();
        first.eval();
        first.training.ShouldBeFalse();
        first.parameters().First().numel().ShouldBeGreaterThan(0);
        descendants.ForEach(pair => pair.module.Dispose());
    }

    [Fact]
    public void An_argument_that_is_no_tensor_is_refused()
    {
        using var module = jit.load(Golden.PathOf("scripted.pt"));
        Should.Throw<NotSupportedException>(() => module.call("text")).Message.ShouldContain("String");
    }

    [Fact]
    public void A_file_that_is_no_script_is_refused_with_libtorchs_words()
    {
        var path = Golden.PathOf("script.json");
        Should.Throw<ExternalException>(() => jit.load<Tensor, Tensor>(path)).Message.ShouldContain("archive");
    }

    private sealed record Case(
        Golden Input, Golden Evaluated, Golden Trained, Dictionary<string, Golden> Parameters, Dictionary<string, Golden> Gradients);
}
