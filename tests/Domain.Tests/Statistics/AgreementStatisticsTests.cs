using MathNet.Numerics.Statistics;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

/// <summary>Against scipy 1.10: tools/goldens_agreement.py.</summary>
public sealed class AgreementStatisticsTests
{
    public static TheoryData<string> Cases() => [.. Golden.Read<Case>("agreement.json").Select(c => c.Name)];

    public static TheoryData<string> Bootstrapped() => [.. Golden.Read<Case>("agreement.json").Where(c => c.Low is not null).Select(c => c.Name)];

    public static TheoryData<string> Tables() => [.. Golden.Read<Table>("transfer-scores.json").Select(c => c.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void Coefficients_and_p_values_agree_with_scipy(string name)
    {
        var golden = Find(name);

        var kendall = RankCorrelation.Kendall(golden.X, golden.Y);
        var spearman = RankCorrelation.Spearman(golden.X, golden.Y);

        kendall.Value!.Value.ShouldBe(golden.Kendall, 1e-12);
        kendall.PValue!.Value.ShouldBe(golden.KendallP, golden.KendallP * 1e-9);
        spearman.Value!.Value.ShouldBe(golden.Spearman, 1e-12);
        if (golden.SpearmanP is { } p) spearman.PValue!.Value.ShouldBe(p, 1e-9);
        if (golden.Precision is { } precision) TopOverlap.Precision(golden.X, golden.Y, 3)!.Value.ShouldBe(precision, 1e-12);
    }

    /// <summary>Two bootstraps of 5 000 and 20 000 draws: their ends differ by a standard error of up to 0.01.</summary>
    [Theory, MemberData(nameof(Bootstrapped))]
    public void The_bootstrap_interval_agrees_with_scipys(string name)
    {
        var golden = Find(name);

        var interval = RankBootstrap.Spearman(golden.X, golden.Y, 0.9);

        interval.Low!.Value.ShouldBe(golden.Low!.Value, 0.04);
        interval.High!.Value.ShouldBe(golden.High!.Value, 0.04);
        interval.Reason.ShouldBeNull();
    }

    /// <summary>Printed to three digits from rows of more digits than are printed: within 0.01, but for rank ties that rounding makes.</summary>
    [Theory, MemberData(nameof(Tables))]
    public void Published_tables_of_scores_are_reproduced(string name)
    {
        var table = Golden.Read<Table>("transfer-scores.json").Single(c => c.Name == name);

        var weighted = RankCorrelation.WeightedKendall(table.Score, table.Truth).Value!.Value;

        weighted.ShouldBe(table.Weighted, 1e-12);
        Correlation.Pearson(table.Score, table.Truth).ShouldBe(table.Pearson, 1e-12);
        table.Pearson.ShouldBe(table.PrintedPearson, 0.0055);
        weighted.ShouldBe(table.PrintedWeighted, name is "Caltech101 logme" ? 0.025 : 0.0075);
    }

    [Fact]
    public void The_same_pairs_have_the_same_interval()
    {
        var golden = Find("17 reals");

        RankBootstrap.Spearman(golden.X, golden.Y, 0.9).ShouldBe(RankBootstrap.Spearman(golden.X, golden.Y, 0.9));
    }

    [Fact]
    public void A_higher_level_has_a_wider_interval()
    {
        var golden = Find("17 alike");
        var (narrow, wide) = (RankBootstrap.Spearman(golden.X, golden.Y, 0.5), RankBootstrap.Spearman(golden.X, golden.Y, 0.99));

        wide.Low!.Value.ShouldBeLessThan(narrow.Low!.Value);
        wide.High!.Value.ShouldBeGreaterThan(narrow.High!.Value);
    }

    [Fact]
    public void Perfect_agreement_stays_perfect_in_every_draw()
        => RankBootstrap.Spearman([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12], 0.9).ShouldBe(new RankInterval(1, 1, 0.9));

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 3, 1, 2 }, "at least 4 pairs, there are 3")]
    [InlineData(new double[] { 1, 1, 1, 1 }, new double[] { 3, 1, 2, 4 }, "too many values are equal")]
    public void An_interval_that_would_mean_nothing_is_none(double[] x, double[] y, string reason)
    {
        var interval = RankBootstrap.Spearman(x, y, 0.9);

        (interval.Low, interval.High).ShouldBe((null, null));
        interval.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Precision_says_nothing_of_three_and_takes_ties_by_lot()
    {
        TopOverlap.Precision([1, 2, 3], [3, 2, 1], 3).ShouldBeNull();
        TopOverlap.Precision([6, 5, 4, 3, 2, 1], [6, 5, 1, 2, 3, 4], 3)!.Value.ShouldBe(2.0 / 3, 1e-12);
        TopOverlap.Precision([1, 1, 1, 1], [4, 3, 2, 1], 3)!.Value.ShouldBe(0.75, 1e-12);
    }

    private static Case Find(string name) => Golden.Read<Case>("agreement.json").Single(c => c.Name == name);

    internal sealed record Case(
        string Name, double[] X, double[] Y, double Kendall, double KendallP, double Spearman, double? SpearmanP, double? Precision, double? Low, double? High);

    internal sealed record Table(string Name, double[] Truth, double[] Score, double Pearson, double Weighted, double PrintedPearson, double PrintedWeighted);
}
