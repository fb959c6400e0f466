using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class AdditiveEffectsTests
{
    /// <summary>Alternating means against least squares in one step.</summary>
    private const double Tolerance = 1e-9;

    private static readonly IReadOnlyList<Case> Cases = Golden.Read<Case>("additive-effects.json");

    public static TheoryData<string> Names() => [.. Cases.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_least_squares_on_dummy_variables(string name)
    {
        var given = Cases.Single(c => c.Name == name);
        var fit = AdditiveEffects.Fit(given.Tasks, given.Asked, leastFreedom: 1).ShouldNotBeNull();

        fit.KindVariance.ShouldBe(given.KindVariance, Tolerance);
        fit.RestVariance.ShouldBe(given.RestVariance, Tolerance);
        var (mean, variance) = fit.Expect(given.Asked);
        mean.ShouldBe(given.Mean, Tolerance);
        variance.ShouldBe(given.Variance, Tolerance);
    }

    [Fact]
    public void Too_little_to_tell_variances_apart_is_no_fit()
        => AdditiveEffects.Fit([Task(("a", .5), ("b", .6)), Task(("a", .4), ("b", .7))], ["a", "b"], leastFreedom: 2).ShouldBeNull();

    [Fact]
    public void A_kind_that_no_task_had_is_expected_at_the_average_and_least_surely()
    {
        var fit = AdditiveEffects.Fit([Task(("a", .5), ("b", .6), ("c", .7)), Task(("a", .41), ("b", .5), ("c", .61)), Task(("a", .3), ("b", .41), ("c", .5))], ["a", "c"], 3)!;
        var (mean, variance) = fit.Expect(["a", "c", null]);

        mean[0].ShouldBeLessThan(-.09);
        mean[1].ShouldBeGreaterThan(.09);
        mean[2].ShouldBe(0);
        variance[2].ShouldBeGreaterThan(10 * variance[0]);
    }

    [Fact]
    public void Kinds_that_never_met_are_not_compared()
    {
        IReadOnlyDictionary<string, double>[] tasks =
            [Task(("a", .9), ("b", .8)), Task(("a", .91), ("b", .8)), Task(("c", .2), ("d", .1)), Task(("c", .2), ("d", .11)), Task(("c", .21), ("d", .1)), Task(("a", .9), ("b", .82))];
        var (mean, variance) = AdditiveEffects.Fit(tasks, ["a", "b", "c"], leastFreedom: 1)!.Expect(["a", "b", "c"]);

        (mean[0] > mean[1], mean[2]).ShouldBe((true, 0));
        variance[2].ShouldBeGreaterThan(variance[0]);
    }

    [Fact]
    public void Tasks_that_agree_to_the_bit_are_not_believed_to_the_bit()
    {
        var task = Task(("a", .9), ("b", .8), ("c", .7), ("d", .6));
        var fit = AdditiveEffects.Fit([task, task, task], ["a", "b", "c", "d"], leastFreedom: 5)!;

        fit.Expect(["a", "b"]).Variance.ShouldAllBe(v => v >= 1e-6);
    }

    private static Dictionary<string, double> Task(params (string Kind, double Value)[] values) => values.ToDictionary(v => v.Kind, v => v.Value, StringComparer.Ordinal);

    internal sealed record Case(
        string Name, Dictionary<string, double>[] Tasks, double KindVariance, double RestVariance, string[] Asked, double[] Mean, double[] Variance);
}
