using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class CollectionTableTests
{
    private static readonly double[] Truths = [.5, .6, .7, .8];

    [Fact]
    public void Each_collection_has_its_own_rows_and_figure()
    {
        var section = CollectionTable.Of(Evaluation(Run("a", "birds"), Run("b", "fish"), Run("c", "fish"), Run("d", null)), Bootstrap.None).ShouldNotBeNull();

        section.Csv.Skip(1).Select(line => string.Join(' ', line.Split(',')[..4])).ShouldBe(["birds 3 1 1", "fish 3 2 1"]);
        section.Figures.Select(f => f.Split('=')[0]).ShouldBe(["coverage_birds", "coverage_fish"]);
    }

    [Fact]
    public void Where_nothing_is_known_of_the_images_there_is_no_table() => CollectionTable.Of(Evaluation(Run("a", null)), Bootstrap.None).ShouldBeNull();

    [Fact]
    public void History_is_of_other_images()
    {
        EvaluationTask[] tasks = [Run("a", "birds"), Run("b", "birds"), Run("c", "fish"), Run("d", null)];
        var history = new TaskHistory(tasks);

        history.For(tasks[0]).Select(t => t.Name).ShouldBe(["c", "d"]);
        history.For(tasks[3]).Select(t => t.Name).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Intervals_count_that_collections_were_chosen_too()
    {
        // Two collections of four tasks: in one the predictor orders all rightly, in the other the other way round.
        EvaluationTask[] tasks = [.. Enumerable.Range(0, 8).Select(i => Run($"t{i}", i < 4 ? "right" : "wrong", i < 4 ? Truths : [.. Truths.Reverse()]))];
        EvaluationTask[] unknown = [.. tasks.Select(t => t with { Facts = t.Facts with { Collection = null } })];

        Interval Rho(EvaluationTask[] runs) => Scored(runs).Scores(new Bootstrap(runs, 400, seed: 5)).Single().RhoInterval.ShouldNotBeNull();

        (Rho(tasks).High - Rho(tasks).Low).ShouldBe(2, 0.05); // both from one collection
        (Rho(unknown).High - Rho(unknown).Low).ShouldBeLessThan(1.6);

        static RankingEvaluation Scored(EvaluationTask[] runs) => MadeCurves.Evaluate(runs, PredictorNames.LogMe);
    }

    private static RankingEvaluation Evaluation(params EvaluationTask[] tasks)
        => MadeCurves.Evaluate(tasks, PredictorNames.NeuralCapacitance, PredictorNames.LastSeen, PredictorNames.BestSeen);

    private static EvaluationTask Run(string name, string? collection, double[]? scores = null)
        => MadeCurves.Run(name, Truths, new TaskFacts(name) { Collection = collection }, scores);
}
