using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class SourcePriorTests
{
    public static TheoryData<int> Cases => [0, 1, 2];

    /// <summary>The reference estimates accuracies, level and slopes together (tools/goldens_prediction.py).</summary>
    [Theory, MemberData(nameof(Cases))]
    public void The_join_is_the_references(int index)
    {
        var golden = Golden.Read<Case>("source-prior.json")[index];
        var curves = new JointPosterior(Vector<double>.Build.Dense(golden.Mean), Matrix<double>.Build.DenseOfRows(golden.Covariance));

        var joined = SourcePrior.Join(curves, golden.Sources.Select(s => new Source(s.Slope, [.. s.Values.Select(v => (double?)v)])));

        joined.Mean.ShouldBe(golden.Joined, 1e-9);
        joined.Covariance.Enumerate().ShouldBe(Matrix<double>.Build.DenseOfRows(golden.JoinedCovariance).Enumerate(), 1e-11);
    }

    [Fact]
    public void Another_scale_or_origin_of_a_source_changes_nothing()
    {
        double[] values = [1, 4, 2, 8, 5];

        var (one, other) = (Join(values), Join([.. values.Select(v => (3 * v) - 100)]));

        one.Mean.ShouldBe(other.Mean, 1e-12);
        one.Mean[3].ShouldBeGreaterThan(Curves.Mean[3] + .003);
        one.Mean[0].ShouldBeLessThan(Curves.Mean[0] - .003);
    }

    [Fact]
    public void What_the_curves_leave_open_may_be_far_apart_in_the_end()
    {
        // Curves that see all alike, and are not sure of it: the source may order them by as much as is open.
        var open = JointPosterior.Independent([.5, .5, .5, .5, .5], [.01, .01, .01, .01, .01]);

        var joined = SourcePrior.Join(open, [Of(1, 4, 2, 8, 5)]).Mean;

        (joined[3] - joined[0]).ShouldBeGreaterThan(.03);
    }

    [Fact]
    public void Clear_curves_are_not_overruled()
    {
        var clear = Curves with { Covariance = Curves.Covariance / 1000 };

        (SourcePrior.Join(clear, [Of(8, 5, 4, 2, 1)]).Mean - clear.Mean).AbsoluteMaximum().ShouldBeLessThan(.001);
    }

    [Fact]
    public void A_source_that_disagrees_with_the_curves_is_let_go()
    {
        double[] accuracies = [.72, .70, .67, .63, .60, .58, .55, .51, .48, .44];
        var curves = JointPosterior.Independent(accuracies, [.. accuracies.Select(_ => .0004)]);
        double?[] right = [.. accuracies.Select((a, i) => (double?)(a + (i % 3 * .02)))], wrong = [.. right.Select(v => -v)];

        var (agreeing, disagreeing) = (SourcePrior.Join(curves, [new Source(.7, right)]), SourcePrior.Join(curves, [new Source(.7, wrong)]));

        // It is taken for what it is, an order that runs backwards: the curves lose nothing by it.
        Order(disagreeing.Mean).ShouldBe(Order(curves.Mean));
        (disagreeing.Mean - curves.Mean).AbsoluteMaximum().ShouldBeLessThan(.012);
        (agreeing.Mean - curves.Mean).AbsoluteMaximum().ShouldBeLessThan(.012);
    }

    [Fact]
    public void A_source_of_noise_moves_little()
    {
        double[] accuracies = [.72, .70, .67, .63, .60, .58, .55, .51, .48, .44];
        var curves = JointPosterior.Independent(accuracies, [.. accuracies.Select(_ => .0004)]);

        Order(SourcePrior.Join(curves, [new Source(.7, [3, 9, 1, 7, 2, 8, 4, 6, 10, 5])]).Mean).ShouldBe(Order(curves.Mean));
    }

    [Fact]
    public void Without_a_source_that_tells_all_apart_the_curves_stay_alone()
    {
        Join([double.NaN, 4, 2, 8, 5]).ShouldBeSameAs(Curves); // one has none
        Join([3, 3, 3, 3, 3]).ShouldBeSameAs(Curves);
    }

    [Fact]
    public void Three_candidates_are_too_few()
    {
        var three = JointPosterior.Independent([.6, .5, .4], [.001, .001, .001]);

        SourcePrior.Join(three, [Of(1, 2, 3)]).ShouldBeSameAs(three);
    }

    private static JointPosterior Curves { get; } = JointPosterior.Independent([.60, .58, .57, .55, .50], [.0009, .0009, .0009, .0009, .0009]);

    private static JointPosterior Join(double[] values) => SourcePrior.Join(Curves, [Of(values)]);

    private static Source Of(params double[] values) => new(.5, [.. values.Select(v => double.IsNaN(v) ? null : (double?)v)]);

    private static int[] Order(Vector<double> mean) => [.. Enumerable.Range(0, mean.Count).OrderByDescending(i => mean[i])];

    private sealed record Case(double[] Mean, double[][] Covariance, Told[] Sources, double[] Joined, double[][] JoinedCovariance);

    private sealed record Told(double Slope, double[] Values);
}
