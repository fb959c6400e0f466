using NeuralCapacitance.Domain.Jobs;

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
        => SelectionQuery.Resolve(Spec, null, null, null).Selection.ShouldBe(Spec.Selection);

    [Fact]
    public void What_is_asked_replaces_it()
    {
        SelectionQuery.Resolve(Spec, 3, "7", "last-seen").Selection.ShouldBe(Spec.Selection with { Observe = 3, Start = 7, Predictor = "last-seen" });
        SelectionQuery.Resolve(Spec, null, "auto", null).Selection.ShouldBe(Spec.Selection with { Start = null });
    }

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
        var result = SelectionQuery.Resolve(Spec, observe, start, predictor);

        result.Selection.ShouldBeNull();
        result.Faults.ShouldHaveSingleItem().Path.ShouldBe(path);
    }
}
