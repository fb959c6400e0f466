using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

[Collection(ProcessWideState.Name)]
public sealed class SeedTests
{
    private static readonly Dictionary<string, Golden[]> Goldens = Golden.Load<Golden[]>("seeded");

    private static readonly Dictionary<string, Func<IEnumerable<Tensor>>> Draws = new(StringComparer.Ordinal)
    {
        ["rand"] = () => [rand(3, 4)],
        ["randn"] = () => [randn(20)],
        ["randint"] = () => [randint(0, 1000, [10])],
        ["randperm"] = () => [randperm(12)],
        ["dropout"] = () => [nn.functional.dropout(ones(30), 0.4)],
        ["kaiming_uniform_"] = () => [nn.init.kaiming_uniform_(empty(4, 3, 2, 2))],
        ["kaiming_normal_"] = () => [nn.init.kaiming_normal_(empty(4, 3, 2, 2), mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU)],
        ["xavier_uniform_"] = () => [nn.init.xavier_uniform_(empty(4, 3))],
        ["xavier_normal_"] = () => [nn.init.xavier_normal_(empty(4, 3))],
        ["normal_"] = () => [nn.init.normal_(empty(6), 0.5, 0.01)],
        ["trunc_normal_"] = () => [nn.init.trunc_normal_(empty(30), 0.1, 0.5, -0.4, 0.9)],
        ["Linear"] = () => nn.Linear(5, 3).parameters(),
        ["Conv2d"] = () => nn.Conv2d(4, 6, 3, groups: 2).parameters(),
        ["network"] = () => nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)).parameters(),
    };

    public static TheoryData<string> Names => [.. Goldens.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_gives_PyTorchs_numbers(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(20240611);
        var drawn = Draws[name]().ToList();
        drawn.Count.ShouldBe(Goldens[name].Length);
        foreach (var (actual, expected) in drawn.Zip(Goldens[name]))
        {
            expected.ShouldEqual(actual, tolerance: 1e-6);
        }
    }

    [Fact]
    public void The_state_of_the_generator_can_be_put_back()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        rand(3);
        var state = get_rng_state();
        var first = randn(100);
        set_rng_state(state);
        randn(100).equal(first).ShouldBeTrue();
    }

    [Fact]
    public void A_generator_of_its_own_leaves_the_default_one_alone()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var expected = rand(5);
        manual_seed(4);
        using var generator = new Generator(9);
        var own = rand(5, generator: generator);
        rand(5).equal(expected).ShouldBeTrue();
        own.equal(rand(5, generator: generator.manual_seed(9))).ShouldBeTrue();
        generator.initial_seed().ShouldBe(9);
    }

    [Fact]
    public void Every_golden_has_its_draw() => Draws.Keys.Order(StringComparer.Ordinal).ShouldBe(Goldens.Keys.Order(StringComparer.Ordinal));
}
