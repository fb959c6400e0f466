using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

public sealed class RankCorrelationTests
{
    private static readonly Gen<(double[] X, double[] Y)> Pairs =
        from n in Gen.Choose(2, 12)
        from x in Gen.ArrayOf(Gen.Choose(-5, 5), n)
        from y in Gen.ArrayOf(Gen.Choose(-5, 5), n)
        select (x.Select(v => (double)v).ToArray(), y.Select(v => (double)v).ToArray());

    public static TheoryData<string> GoldenNames() => [.. Golden.Read<Case>("rank-correlation.json").Select(c => c.Name)];

    [Theory, MemberData(nameof(GoldenNames))]
    public void All_three_agree_with_scipy(string name)
    {
        var golden = Golden.Read<Case>("rank-correlation.json").Single(c => c.Name == name);

        var spearman = RankCorrelation.Spearman(golden.X, golden.Y);

        spearman.Value!.Value.ShouldBe(golden.Spearman, 1e-12);
        spearman.PValue!.Value.ShouldBe(golden.PValue, 1e-9);
        RankCorrelation.Kendall(golden.X, golden.Y).Value!.Value.ShouldBe(golden.Kendall, 1e-12);
        RankCorrelation.WeightedKendall(golden.X, golden.Y).Value!.Value.ShouldBe(golden.Weighted, 1e-12);
    }

    [Fact]
    public void Ties_share_the_mean_of_their_positions()
        => RankCorrelation.Ranks([2, 1, 4, 4, 6, 5, 9, 9]).ShouldBe([2, 1, 3.5, 3.5, 6, 5, 7.5, 7.5]);

    [Theory]
    [InlineData(new double[] { }, new double[] { }, "two pairs")]
    [InlineData(new double[] { 1 }, new double[] { 2 }, "two pairs")]
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, "equal")]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 4, 4, 4 }, "equal")]
    public void What_is_undefined_says_why(double[] x, double[] y, string reason)
    {
        foreach (var agreement in new[] { RankCorrelation.Spearman(x, y), RankCorrelation.Kendall(x, y), RankCorrelation.WeightedKendall(x, y) })
        {
            agreement.Value.ShouldBeNull();
            agreement.PValue.ShouldBeNull();
            agreement.Reason.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    [Fact]
    public void Two_pairs_have_a_rho_but_no_p_value()
    {
        var agreement = RankCorrelation.Spearman([1, 2], [5, 4]);

        agreement.Value.ShouldBe(-1);
        agreement.PValue.ShouldBeNull();
        agreement.Reason.ShouldNotBeNull().ShouldContain("three pairs");
    }

    [Fact]
    public void Perfect_agreement_has_a_p_value_of_zero() => RankCorrelation.Spearman([1, 2, 3, 4], [2, 4, 8, 16]).ShouldBe(new RankAgreement(1, 0));

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
        => Should.Throw<ArgumentException>(() => RankCorrelation.Spearman([1, double.NaN], [1, 2]));

    [Fact]
    public void Disagreement_at_the_top_costs_the_weighted_tau_more()
    {
        double[] truth = [1, 2, 3, 4, 5, 6];
        var top = RankCorrelation.WeightedKendall([1, 2, 3, 4, 6, 5], truth).Value;
        var bottom = RankCorrelation.WeightedKendall([2, 1, 3, 4, 5, 6], truth).Value;

        top.ShouldNotBeNull();
        bottom.ShouldNotBeNull();
        top.Value.ShouldBeLessThan(bottom.Value);
    }

    [Fact]
    public void Rho_and_tau_see_only_order_are_symmetric_and_change_sign_with_it()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Pairs.ToArbitrary(), pair =>
        {
            double[] grown = [.. pair.X.Select(Math.Exp)], turned = [.. pair.Y.Select(v => -v)];
            foreach (var measure in new Func<IReadOnlyList<double>, IReadOnlyList<double>, RankAgreement>[] { RankCorrelation.Spearman, RankCorrelation.Kendall })
            {
                if (measure(pair.X, pair.Y).Value is not { } value) continue;
                value.ShouldBeInRange(-1, 1);
                measure(grown, pair.Y).Value!.Value.ShouldBe(value, 1e-12);
                measure(pair.Y, pair.X).Value!.Value.ShouldBe(value, 1e-12);
                measure(pair.X, turned).Value!.Value.ShouldBe(-value, 1e-12);
            }
        }));

    [Fact]
    public void The_order_of_the_pairs_does_not_matter()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Pairs.ToArbitrary(), pair =>
        {
            double[] x = [.. pair.X.Reverse()], y = [.. pair.Y.Reverse()];
            if (RankCorrelation.Spearman(pair.X, pair.Y).Value is not { } rho) return;
            RankCorrelation.Spearman(x, y).Value!.Value.ShouldBe(rho, 1e-12);
            RankCorrelation.Kendall(x, y).Value!.Value.ShouldBe(RankCorrelation.Kendall(pair.X, pair.Y).Value!.Value, 1e-12);
        }));

    internal sealed record Case(string Name, double[] X, double[] Y, double Spearman, double PValue, double Kendall, double Weighted);
}
