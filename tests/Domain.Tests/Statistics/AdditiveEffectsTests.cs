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
        var fit = AdditiveEffects.Fit(given.Tasks, leastFreedom: 1).ShouldNotBeNull();

        fit.KindVariance.ShouldBe(given.KindVariance, Tolerance);
        fit.RestVariance.ShouldBe(given.RestVariance, Tolerance);
        var (mean, variance) = fit.Expect(given.Asked);
        mean.ShouldBe(given.Mean, Tolerance);
        variance.ShouldBe(given.Variance, Tolerance);
    }

    [Fact]
    public void Too_little_to_tell_variances_apart_is_no_fit()
        => AdditiveEffects.Fit([Task(("a", .5), ("b", .6)), Task(("a", .4), ("b", .7))], leastFreedom: 2).ShouldBeNull();

    [Fact]
    public void A_kind_that_no_task_had_is_expected_at_the_average_and_least_surely()
    {
        var fit = AdditiveEffects.Fit([Task(("a", .5), ("b", .6), ("c", .7)), Task(("a", .41), ("b", .5), ("c", .61)), Task(("a", .3), ("b", .41), ("c", .5))], 3)!;
        var (mean, variance) = fit.Expect(["a", "c", null]);

        mean[0].ShouldBeLessThan(-.09);
        mean[1].ShouldBeGreaterThan(.09);
        mean[2].ShouldBe(0);
        variance[2].ShouldBeGreaterThan(10 * variance[0]);
    }

    private static Dictionary<string, double> Task(params (string Kind, double Value)[] values) => values.ToDictionary(v => v.Kind, v => v.Value, StringComparer.Ordinal);

    internal sealed record Case(
        string Name, Dictionary<string, double>[] Tasks, double KindVariance, double RestVariance, string[] Asked, double[] Mean, double[] Variance);
}
