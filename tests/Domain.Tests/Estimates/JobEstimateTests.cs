using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Estimates;

public sealed class JobEstimateTests
{
    private static readonly CandidateCost Cost = new()
    {
        Device = "cpu",
        Threads = 2,
        TrainSecondsPerStep = 0.25,
        TrainSecondsPerImage = 0.01,
        EvaluationSecondsPerImage = 0.002,
        BetaSecondsPerImage = 0.003,
        PeakMemoryBytes = 1_000,
        MeasuredBatch = 16,
        InputSize = 32,
    };

    [Theory]
    [InlineData(SelectionMode.Early, 5, 0)]
    [InlineData(SelectionMode.Full, 20, 3)]
    public void Seconds_are_those_of_epoch_0_the_epochs_and_the_test_set(SelectionMode mode, int epochs, int tested)
    {
        var estimate = JobEstimate.Of(Spec(mode), new ImageCounts(Train: 1_000, Validation: 500, Test: 200), [new(Cost, null), new(null, "does not fit")]);

        estimate.Epochs.ShouldBe(epochs);
        var measured = estimate.Candidates[0];
        measured.SecondsPerStep!.Value.ShouldBe(0.25 + (64 * 0.01), 1e-12);
        const double Training = (16 * 0.25) + (1_000 * 0.01);
        const double Measuring = (1_000 * 0.003) + (500 * 0.002);
        measured.SecondsPerEpoch!.Value.ShouldBe(Training + Measuring, 1e-12);
        measured.Seconds!.Value.ShouldBe(2 * (Measuring + (epochs * (Training + Measuring)) + (tested * 200 * 0.002)), 1e-9);
        estimate.Seconds.ShouldBe(measured.Seconds.Value);
        estimate.PeakMemoryBytes.ShouldBe(1_000);
    }

    [Theory]
    [InlineData(0, null, 700, 300)]
    [InlineData(0, 400, 400, 300)]
    [InlineData(50, null, 1_000, 50)]
    [InlineData(50, 400, 400, 50)]
    public void Validation_images_are_set_aside_unless_the_data_set_brings_its_own(int own, int? trainLimit, int train, int validation)
    {
        var dataset = new DatasetInfo
        {
            Spec = new DatasetSpec { Name = "any" },
            Classes = [new("a", Train: 500, Test: 20, Validation: own), new("b", Train: 500, Test: 10)],
            Problems = [],
        };

        ImageCounts.Of(new TrainingSpec { TrainLimit = trainLimit }, dataset).ShouldBe(new ImageCounts(train, validation, Test: 30));
    }

    [Fact]
    public void Candidate_that_could_not_be_measured_has_its_reason_and_no_numbers()
    {
        var estimate = JobEstimate.Of(Spec(SelectionMode.Early), new ImageCounts(10, 10, 10), [new(null, "does not fit"), new(null, "neither")]);

        estimate.Candidates.Select(c => c.Reason).ShouldBe(["does not fit", "neither"]);
        estimate.Candidates.ShouldAllBe(c => c.Cost == null && c.SecondsPerStep == null && c.SecondsPerEpoch == null && c.Seconds == null);
        estimate.PeakMemoryBytes.ShouldBeNull();
    }

    private static JobSpec Spec(SelectionMode mode) => new()
    {
        Dataset = new DatasetSpec { Name = DatasetSpec.SyntheticName },
        Candidates = [new() { Name = "a", Backbone = "a" }, new() { Name = "b", Backbone = "b" }],
        Training = new TrainingSpec { Epochs = 20, Repeats = 2, BatchSize = 64 },
        Probe = new ProbeSpec { Samples = 2_000 },
        Selection = new SelectionSpec { Mode = mode, Observe = 5 },
    };
}
