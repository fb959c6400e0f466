using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class SelectionQueryTests
{
    private static readonly JobSpec Spec = new()
    {
        Dataset = new DatasetSpec { Name = "synthetic" },
        Candidates = [],
        Training = new TrainingSpec { Epochs = 10 },
        Selection = new SelectionSpec { Observe = 4, Start = 1, Predictor = "best-seen", Confidence = 0.8 },
    };

    [Fact]
    public void What_is_not_asked_stays_the_jobs_own()
        => SelectionQuery.Resolve(Spec, null, null).Selections.ShouldBe([Spec.Selection]);

    [Fact]
    public void What_is_asked_replaces_it()
    {
        SelectionQuery.Resolve(Spec, 3, "7", "last-seen").Selections.ShouldBe([Spec.Selection with { Observe = 3, Start = 7, Predictor = "last-seen" }]);
        SelectionQuery.Resolve(Spec, null, "auto").Selections.ShouldBe([Spec.Selection with { Start = null }]);
    }

    [Fact]
    public void Several_predictors_come_in_the_order_asked_and_once_each()
        => Asked("last-seen, logme", "shared-slope", "last-seen").ShouldBe(["last-seen", "logme", "shared-slope"]);

    [Fact]
    public void All_are_every_quick_predictor_after_those_named_and_the_jobs_own()
    {
        string[] slow = ["bgrn", "curve-similarity", "domhan"];
        Asked("all").ShouldBe(PredictorNames.All.Except(slow).OrderByDescending(name => name == "best-seen"));
        Asked("all", "domhan").ShouldBe(Asked("all").Append("domhan"));
        SelectionQuery.Resolve(Spec with { Selection = Spec.Selection with { Predictor = "bgrn" } }, null, null, "all").Selections[0].Predictor.ShouldBe("bgrn", "the job names it");
        Asked("last-seen,all").Take(2).ShouldBe(["last-seen", "best-seen"]);
    }

    [Fact]
    public void Every_unknown_predictor_is_a_fault_with_the_nearest_name()
    {
        var faults = SelectionQuery.Resolve(Spec, null, null, "last-sen,best-seen", "oracle,").Faults;

        faults.Select(f => (f.Path, f.Value)).ShouldBe([("predictor", "last-sen"), ("predictor", "oracle"), ("predictor", "")]);
        faults[0].Problem.ShouldStartWith("is unknown; did you mean last-seen");
        faults[0].Accepted.ShouldEndWith(", all");
    }

    private static IEnumerable<string> Asked(params string[] predictors) => SelectionQuery.Resolve(Spec, null, null, predictors).Selections.Select(s => s.Predictor);

    [Theory]
    [InlineData(1, null, null, "observe")]
    [InlineData(10_001, null, null, "observe")]
    [InlineData(int.MaxValue, "10000", null, "observe")]
    [InlineData(4, "10001", null, "start")]
    [InlineData(11, "auto", null, "observe")]
    [InlineData(4, "7", null, "start")]
    [InlineData(null, "soon", null, "start")]
    [InlineData(null, "-1", null, "start")]
    [InlineData(null, null, "oracle", "predictor")]
    public void A_fault_names_its_parameter(int? observe, string? start, string? predictor, string path)
    {
        var result = SelectionQuery.Resolve(Spec, observe, start, predictor is null ? [] : [predictor]);

        result.Selections.ShouldBeEmpty();
        result.Faults.ShouldHaveSingleItem().Path.ShouldBe(path);
    }
}
