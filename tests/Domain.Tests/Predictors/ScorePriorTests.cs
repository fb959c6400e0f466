using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class ScorePriorTests
{
    public static TheoryData<int> Cases => [0, 1, 2];

    /// <summary>The reference estimates accuracies, level and slope together (tools/goldens_prediction.py).</summary>
    [Theory, MemberData(nameof(Cases))]
    public void The_join_is_the_references(int index)
    {
        var golden = Golden.Read<Case>("score-prior.json")[index];
        var curves = new JointPosterior(Vector<double>.Build.Dense(golden.Mean), Matrix<double>.Build.DenseOfRows(golden.Covariance));

        var joined = ScorePrior.Join(curves, [.. golden.Mean.Select((_, m) => Scored(golden.Scores.ToDictionary(s => s.Key, s => (double?)s.Value[m])))]);

        joined.Mean.ShouldBe(golden.Joined, 1e-9);
        joined.Covariance.Enumerate().ShouldBe(Matrix<double>.Build.DenseOfRows(golden.JoinedCovariance).Enumerate(), 1e-11);
    }

    [Fact]
    public void Another_scale_or_origin_of_a_score_changes_nothing()
    {
        double[] values = [1, 4, 2, 8, 5];

        var (one, other) = (Join(values), Join([.. values.Select(v => (3 * v) - 100)]));

        one.Mean.ShouldBe(other.Mean, 1e-12);
        one.Mean[3].ShouldBeGreaterThan(Curves.Mean[3] + .005);
        one.Mean[0].ShouldBeLessThan(Curves.Mean[0] - .005);
    }

    [Fact]
    public void Clear_curves_are_not_overruled()
    {
        var clear = Curves with { Covariance = Curves.Covariance / 1000 };

        (ScorePrior.Join(clear, Scores([8, 5, 4, 2, 1])).Mean - clear.Mean).AbsoluteMaximum().ShouldBeLessThan(.001);
    }

    [Theory]
    [InlineData(double.NaN, 4, 2, 8, 5)] // one has none
    [InlineData(3, 3, 3, 3, 3)]
    public void Without_a_score_that_tells_all_apart_the_curves_stay_alone(params double[] values)
        => Join(values).ShouldBeSameAs(Curves);

    [Fact]
    public void Two_scores_that_say_the_opposite_say_nothing()
    {
        double[] values = [1, 4, 2, 8, 5];
        var opposed = Array.ConvertAll(values, v => Scored(new() { ["logme"] = v, ["h-score"] = 100 - (3.3 * v) }));

        ScorePrior.Join(Curves, opposed).ShouldBeSameAs(Curves);
    }

    [Fact]
    public void Three_candidates_are_too_few()
    {
        var three = JointPosterior.Independent([.6, .5, .4], [.001, .001, .001]);

        ScorePrior.Join(three, Scores([1, 2, 3])).ShouldBeSameAs(three);
    }

    private static JointPosterior Curves { get; } = JointPosterior.Independent([.60, .58, .57, .55, .50], [.0009, .0009, .0009, .0009, .0009]);

    private static JointPosterior Join(double[] values) => ScorePrior.Join(Curves, Scores(values));

    private static CandidateCurves[] Scores(double[] values) => Array.ConvertAll(values, v => Scored(new() { ["logme"] = double.IsNaN(v) ? null : v }));

    private static CandidateCurves Scored(Dictionary<string, double?> scores)
        => new([[]]) { Scores = scores.ToDictionary(s => s.Key, s => new ScoreValue(s.Value, s.Value is null ? "none" : null), StringComparer.Ordinal) };

    private sealed record Case(double[] Mean, double[][] Covariance, Dictionary<string, double[]> Scores, double[] Joined, double[][] JoinedCovariance);
}
