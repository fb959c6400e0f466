using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class DifferenceTests
{
    private static readonly double[] Truths = [0.3, 0.4, 0.5, 0.6, 0.7];
    private static readonly double[] Reversed = [5, 4, 3, 2, 1];

    [Fact]
    public void A_difference_rests_on_the_tasks_on_which_both_said_something()
    {
        var runs = new[] { MadeCurves.Run("a", Truths, scores: Reversed), MadeCurves.Run("b", Truths) };
        var evaluation = MadeCurves.Evaluate(runs, PredictorNames.LastSeen, PredictorNames.LogMe);
        var bootstrap = new Bootstrap(runs, 100, seed: 1);

        evaluation.Scores(bootstrap).Select(s => (s.Tasks, s.Rho)).ShouldBe([(2, 1), (1, -1)]);
        var difference = evaluation.Difference(PredictorNames.LastSeen, [PredictorNames.LogMe], 3, TaskKind.Every, bootstrap);
        (difference.Mean, difference.Tasks).ShouldBe((2, 1));
    }

    [Fact]
    public void Scores_have_an_order_but_no_calibration()
    {
        var runs = new[] { MadeCurves.Run("a", Truths, scores: [1, 2, 3, 4, 5]) };

        var score = MadeCurves.Evaluate(runs, PredictorNames.LogMe).Scores(Bootstrap.None).ShouldHaveSingleItem();

        score.Rho.ShouldBe(1);
        (score.Coverage, score.Bias, score.Width).ShouldBe((null, null, null));
    }

    [Fact]
    public void The_best_of_several_is_the_one_with_the_greatest_mean()
    {
        var runs = new[] { MadeCurves.Run("a", Truths, scores: Reversed), MadeCurves.Run("b", Truths, scores: Reversed) };
        var evaluation = MadeCurves.Evaluate(runs, PredictorNames.BestSeen, PredictorNames.LastSeen, PredictorNames.LogMe);

        evaluation.Difference(PredictorNames.BestSeen, [PredictorNames.LastSeen, PredictorNames.LogMe], 3, TaskKind.Every, new Bootstrap(runs, 100, seed: 1))
            .ShouldBe(new Difference(0, new Interval(0, 0), 2));
    }

    [Fact]
    public void Kinds_are_told_apart_and_what_is_not_known_is_of_none()
    {
        var runs = new[]
        {
            MadeCurves.Run("small", Truths, new TaskFacts("small", 6_000, TaskFacts.Scratch)),
            MadeCurves.Run("large", Truths, new TaskFacts("large", 6_001, "birds")),
            MadeCurves.Run("unknown", Truths),
        };
        var evaluation = MadeCurves.Evaluate(runs, PredictorNames.BestSeen, PredictorNames.LastSeen);

        TaskKind.All.Select(kind => evaluation.Difference(PredictorNames.BestSeen, [PredictorNames.LastSeen], 3, kind, Bootstrap.None).Tasks).ShouldBe([3, 1, 1, 1, 1]);
        DifferenceTable.ByKind(evaluation, Bootstrap.None).Figures.ShouldBe(["diff3_noisy=0.000", "diff3_clean=0.000"]);
    }

    [Fact]
    public void Repeats_of_a_task_weigh_as_one()
    {
        var runs = new[]
        {
            MadeCurves.Run("a-r0", Truths, scores: Reversed),
            MadeCurves.Run("a-r1", Truths, scores: Reversed),
            MadeCurves.Run("b", Truths, scores: [1, 2, 3, 4, 5]),
        };

        var score = MadeCurves.Evaluate(runs, PredictorNames.LogMe).Scores(Bootstrap.None).ShouldHaveSingleItem();

        (score.Tasks, score.Rho).ShouldBe((2, 0));
    }
}
