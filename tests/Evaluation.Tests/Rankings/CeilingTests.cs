using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class CeilingTests
{
    private static readonly double[] First = [0.30, 0.42, 0.51, 0.63, 0.70];
    private static readonly double[] Second = [0.41, 0.35, 0.62, 0.50, 0.74];

    [Fact]
    public void Repeats_are_held_against_each_other_and_their_mean_against_the_ceiling()
    {
        var runs = new[] { MadeCurves.Run("a-r0", First), MadeCurves.Run("a-r1", Second), MadeCurves.Run("alone", First) };
        var pooled = EvaluationTask.Pooled(runs);
        double between = RankCorrelation.Spearman(First, Second).Value!.Value;

        pooled.ShouldHaveSingleItem().Run.Models.Select(m => m.Truth).ShouldBe(First.Zip(Second, (a, b) => (a + b) / 2), 1e-12);
        pooled[0].Run.Models.ShouldAllBe(m => m.Curves.Repeats.Count == 2);
        var section = CeilingTable.Of(runs, MadeCurves.Evaluate(pooled, PredictorNames.LastSeen), new Bootstrap(runs, 50, seed: 1)).ShouldNotBeNull();
        section.Figures.ShouldBe([FormattableString.Invariant($"ceiling={between:0.000}"), FormattableString.Invariant($"ceiling_share3={1 / between:0.000}")]);
    }

    [Fact]
    public void Without_repeats_there_is_no_ceiling()
        => CeilingTable.Of([MadeCurves.Run("alone", First)], MadeCurves.Evaluate([], PredictorNames.LastSeen), Bootstrap.None).ShouldBeNull();
}
